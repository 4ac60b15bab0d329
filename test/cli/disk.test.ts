import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Level } from 'level';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { EmbeddedEngine } from '../../prover/queue/embedded.js';
import type { StoredJob } from '../../prover/queue/record.js';
import { buildKeySet, loadKeySet } from '../../src/proof/keyset.js';
import { jsonOf, run, scratch, smallBatchFile, write } from '../helpers/cli.js';

const folder = scratch();

describe('the job store on a disk that is full', () => {
  afterEach(() => vi.restoreAllMocks());

  it('fails everybody by name and holds what was stored when it is opened again', async () => {
    const job = { id: 'a', status: 'open', tasks: [], run: 1 } as unknown as StoredJob;
    const engine = await EmbeddedEngine.open(`${folder}/engine`);
    await engine.insert(job);
    const told: (string | undefined)[] = [];
    engine.subscribe((id) => told.push(id));
    vi.spyOn(Level.prototype, 'batch').mockRejectedValueOnce(new Error('ENOSPC: no space left on device'));
    const refused = { code: 'QUEUE_STORE_WRITE', message: expect.stringMatching(/no space left.*Make room/) };
    await expect(engine.update('a', (old) => ({ ...old, run: 2 }))).rejects.toMatchObject(refused);
    expect(told).toEqual([undefined]);
    // There is room again, but what is appended to a torn log may be dropped: only a new opening helps.
    await expect(engine.update('a', (old) => ({ ...old, run: 3 }))).rejects.toMatchObject(refused);
    await expect(engine.read('a')).rejects.toMatchObject(refused);
    await engine.close();
    const again = await EmbeddedEngine.open(`${folder}/engine`);
    expect(await again.read('a')).toEqual(job);
    await again.update('a', (old) => ({ ...old, run: 2 }));
    expect(await again.read('a')).toMatchObject({ run: 2 });
    await again.close();
  });
});

const mounts: string[] = [];

/** A file system of its own; it takes root. @returns its folder, also when it could not be mounted */
function mount(name: string, size: string): string {
  const path = `${folder}/${name}`;
  mkdirSync(path);
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path]).status === 0) mounts.push(path);
  return path;
}

const disk = mount('disk', '256k');
afterAll(() => {
  for (const path of mounts) spawnSync('umount', ['-l', path]);
});

describe.skipIf(mounts.length === 0)('a real full disk under prove', () => {
  it('ends with 1 and a name, whatever is written at that moment; with room again the job goes on', async () => {
    await buildKeySet('test');
    const batch = write(folder, 'batch.json', await smallBatchFile());
    const prove = (out: string) =>
      run(['prove', batch, '--key-set', 'test', '--data', `${disk}/data`, '--out', out, '--json']);
    for (const [room, code] of [
      [4, 'QUEUE_STORE_OPEN'],
      [24, 'QUEUE_STORE_WRITE'],
    ] as const) {
      writeFileSync(`${disk}/ballast`, Buffer.alloc((256 - room) * 1024));
      const ended = await prove(`${folder}/out.json`);
      expect({ room, code: ended.code, error: jsonOf(ended).error?.code }).toEqual({ room, code: 1, error: code });
      rmSync(`${disk}/ballast`);
    }
    const ended = await prove(`${folder}/out.json`);
    expect(ended, ended.stderr).toMatchObject({ code: 0 });
    // The bundle itself has no room: nothing is left of it, and the proof is not lost.
    const text = readFileSync(`${folder}/out.json`, 'utf8');
    const tiny = mount('tiny', '4k');
    const homeless = await prove(`${tiny}/out.json`);
    expect({ code: homeless.code, error: jsonOf(homeless).error?.code }).toEqual({
      code: 1,
      error: 'OUTPUT_UNWRITABLE',
    });
    expect(readdirSync(tiny)).toEqual([]);
    spawnSync('mount', ['-o', 'remount,size=64k', tiny]);
    expect(await prove(`${tiny}/out.json`)).toMatchObject({ code: 0 });
    expect(readFileSync(`${tiny}/out.json`, 'utf8')).toBe(text);
  });
});

describe('artifacts of circuits and keys', () => {
  beforeAll(() => buildKeySet('test'));

  it('that are missing are told by info, and made again under the same hash', async () => {
    const env = { DELTAPROOF_CACHE: `${folder}/cache` };
    const info = () => run(['circuits', 'info', '--key-set', 'test', '--json'], { env });
    const before = await info();
    expect(before).toMatchObject({ code: 0, stderr: '' });
    expect(jsonOf(before)).toMatchObject({
      built: false,
      problem: expect.stringMatching(/never built.*circuits setup/),
    });
    const made = await run(['circuits', 'setup', '--key-set', 'test', '--json'], { env });
    expect(made, made.stderr).toMatchObject({ code: 0 });
    expect(jsonOf(made)).toMatchObject({ hash: (await loadKeySet('test')).hash, development: true });
    const after = jsonOf(await info());
    expect(after).toMatchObject({ built: true, hash: jsonOf(made).hash });
    expect(after.shapes[0]).toMatchObject({ name: 'small', constraints: expect.any(Number) });
  });
});
