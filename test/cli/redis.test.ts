import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
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
let queueArgs: string[];

beforeAll(async () => {
  [redis, keySet] = await Promise.all([startRedis(), buildKeySet('test')]);
  queueArgs = ['--redis', redis.url, '--data', data];
  batch = write(folder, 'batch.json', await smallBatchFile());
});

// What a test that failed left at work would take the jobs of the next one.
afterEach(({ task }) => {
  for (const { child, text } of workers.splice(0)) {
    child.kill('SIGKILL');
    if (task.result?.state === 'fail') console.error(`Worker ${child.pid} said:\n${text()}`);
  }
});

afterAll(() => redis.stop());

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

async function worker(env: Record<string, string> = {}, own = data): Promise<Running> {
  const running = start(['worker', '--redis', redis.url, '--data', own, '--key-set', 'test', '--json'], { env });
  workers.push(running);
  await running.said(/"working":true/);
  return running;
}

async function stop({ child, ended }: Running): Promise<void> {
  const below = descendants(child.pid!);
  child.kill('SIGTERM');
  const end = await ended;
  expect(end).toMatchObject({ code: 0, stderr: expect.stringContaining('Handing running tasks back') });
  expect(jsonOf(end)).toMatchObject({
    working: true,
    redis: redis.url,
    concurrency: 1,
    artifacts: 'queue',
    keySets: ['test'],
  });
  await vi.waitUntil(() => below.every((pid) => !isAlive(pid)), { timeout: 20_000, interval: 50 });
}

const proveArgs = (out: string, mode: string) => [
  'prove',
  batch,
  '--mode',
  mode,
  '--key-set',
  'test',
  '--out',
  out,
  ...queueArgs,
];
const prove = (out: string) => run([...proveArgs(out, 'diff'), '--json']);
const jobs = async (...args: string[]) => jsonOf(await run(['jobs', ...args, ...queueArgs, '--json']));

describe('a queue on Redis', () => {
  it('is left to a sound worker by one with a damaged key, which makes no proof with it and says so', async () => {
    const damaged = await worker({ DELTAPROOF_CACHE: damagedCache() });
    const out = `${folder}/out.json`;
    const proving = prove(out);
    await damaged.said(
      /"end":"handedBack".*ARTIFACT_CHANGED.*shape\.zkey is not the file that was built.*circuits setup/,
    );
    await damaged.said(/"type":"paused"/);
    // A machine of its own, with another folder.
    const sound = await worker({}, `${folder}/other-machine`);
    const ended = await proving;
    expect(ended, ended.stderr).toMatchObject({ code: 0 });
    expect(ended.stderr).toMatch(/left to the workers of redis:/);
    expect(jsonOf(ended)).toMatchObject({ bundle: out, proofs: 1 });
    expect(await run(['verify', out, '--key-set', 'test'])).toMatchObject({ code: 0 });
    const [job] = await jobs('list');
    expect(job).toMatchObject({ state: 'done', about: { batch: '1', mode: 'diff' } });
    expect(job.handedBack).toBeGreaterThan(0);
    // The bundle needs no key, so whichever worker is free first may have made it.
    await sound.said(/"stage":"prove","number":1,"of":1,"end":"done"/);
    expect(damaged.text()).not.toMatch(/"stage":"prove","number":1,"of":1,"end":"done"/);
    await Promise.all([stop(damaged), stop(sound)]);
  });

  it('takes a job without waiting, which is waited for, fetched and forgotten by its name', async () => {
    const queued = await run([
      ...proveArgs(`${folder}/unused.json`, 'root'),
      '--no-wait',
      '--deadline',
      '60',
      '--json',
    ]);
    const { job: id } = jsonOf(queued);
    expect(jsonOf(queued)).toEqual({ job: id, mode: 'root', queued: true });
    expect(await jobs('show', '1/root')).toMatchObject({ id, state: 'waiting', deadline: expect.any(Number) });
    const early = await run(['jobs', 'bundle', '1/root', ...queueArgs, '--json']);
    expect(early.code).toBe(2);
    expect(jsonOf(early).error).toMatchObject({ code: 'USAGE_JOB', message: expect.stringContaining('it is waiting') });
    const running = await worker();
    expect(await jobs('wait', '1/root')).toMatchObject({ id, state: 'done' });
    const out = `${folder}/fetched.json`;
    expect(await jobs('bundle', '1/root', '--out', out)).toEqual({ bundle: out, job: id });
    expect(await run(['verify', out, '--key-set', 'test'])).toMatchObject({ code: 0 });
    expect(await jobs('prune', '--older-than', '1')).toEqual({ jobs: 0, artifacts: 0 });
    expect((await jobs('prune', '--older-than', '0')).jobs).toBe(2);
    expect(await jobs('list')).toEqual([]);
    await stop(running);
  });

  it('refuses a worker without keys, by name, before it takes anything', async () => {
    const none = { DELTAPROOF_CACHE: `${folder}/empty-cache` };
    const ended = await run(['worker', '--key-set', 'test', ...queueArgs, '--json'], { env: none });
    expect(ended.code).toBe(1);
    expect(jsonOf(ended).error).toMatchObject({ code: 'ARTIFACT_MISSING' });
  });
});
