import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildKeySet, type KeySet } from '../../src/proof/keyset.js';
import {
  descendants,
  isAlive,
  jsonOf,
  type Running,
  run,
  scratch,
  smallBatchFile,
  start,
  write,
} from '../helpers/cli.js';
import { startRedis, type TestRedis } from '../helpers/redis.js';

const folder = scratch();
const data = `${folder}/data`;
const workers: Running[] = [];
let redis: TestRedis;
let keySet: KeySet;
let batch: string;

beforeAll(async () => {
  [redis, keySet] = await Promise.all([startRedis(), buildKeySet('test')]);
  batch = write(folder, 'batch.json', await smallBatchFile());
});

afterAll(async () => {
  for (const { child } of workers) child.kill('SIGKILL');
  await redis.stop();
});

/** A cache with the key set of the tests in which one byte of the first shape's proving key is another. */
function damagedCache(): string {
  const cache = `${folder}/cache`;
  for (const { zkey, r1cs } of keySet.shapes) {
    for (const [kind, file] of Object.entries({ key: zkey, shape: r1cs })) {
      cpSync(dirname(file), join(cache, kind, basename(dirname(file))), { recursive: true });
    }
  }
  const { zkey } = keySet.shapes[0]!;
  const copy = join(cache, 'key', basename(dirname(zkey)), basename(zkey));
  const bytes = readFileSync(copy);
  bytes[bytes.length - 1000]! ^= 1;
  writeFileSync(copy, bytes);
  return cache;
}

async function worker(env: Record<string, string> = {}): Promise<Running> {
  const running = start(['worker', '--redis', redis.url, '--data', data, '--json'], { env });
  workers.push(running);
  await running.said(/"working":true/);
  return running;
}

async function stop({ child, ended }: Running): Promise<void> {
  const below = descendants(child.pid!);
  child.kill('SIGTERM');
  const end = await ended;
  expect(end).toMatchObject({ code: 0, stderr: expect.stringContaining('Handing running tasks back') });
  expect(jsonOf(end)).toMatchObject({ working: true, redis: redis.url, data, concurrency: 1 });
  await vi.waitUntil(() => below.every((pid) => !isAlive(pid)), { timeout: 20_000, interval: 50 });
}

const prove = (out: string) =>
  run(['prove', batch, '--key-set', 'test', '--redis', redis.url, '--data', data, '--out', out, '--json']);
const jobs = async () => jsonOf(await run(['jobs', 'list', '--redis', redis.url, '--data', data, '--json']));

describe('a queue on Redis', () => {
  it('fails by name when its worker has a damaged key, and makes no proof with it', async () => {
    const running = await worker({ DELTAPROOF_CACHE: damagedCache() });
    const ended = await prove(`${folder}/none.json`);
    expect(ended.code).toBe(1);
    expect(jsonOf(ended).error).toMatchObject({ name: 'ArtifactError', code: 'ARTIFACT_CHANGED' });
    expect(jsonOf(ended).error.message).toMatch(/shape\.zkey is not the file that was built.*circuits setup/);
    expect(await jobs()).toEqual([expect.objectContaining({ state: 'failed', artifact: null })]);
    await stop(running);
  });

  it('is worked off by a sound worker, which ends on SIGTERM', async () => {
    const running = await worker();
    const out = `${folder}/out.json`;
    const ended = await prove(out);
    expect(ended, ended.stderr).toMatchObject({ code: 0 });
    expect(ended.stderr).toMatch(
      /left to the workers of redis:.*\n.*was failed \(ARTIFACT_CHANGED\) and is tried again/,
    );
    expect(jsonOf(ended)).toMatchObject({ bundle: out, proofs: 1 });
    expect(await run(['verify', out, '--key-set', 'test'])).toMatchObject({ code: 0 });
    expect(await jobs()).toEqual([expect.objectContaining({ state: 'done' })]);
    await stop(running);
  });
});
