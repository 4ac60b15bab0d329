import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ArtifactFolder } from '../../prover/queue/artifacts.js';

const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
const abc = Buffer.from('abc');

describe('ArtifactFolder', () => {
  let root: string;
  let folder: ArtifactFolder;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'deltaproof-artifacts-'));
    folder = new ArtifactFolder(root);
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('names bytes by their sha256 and yields them again', async () => {
    expect(await Promise.all([folder.put(abc), folder.put(abc), folder.put(abc)])).toEqual([ABC, ABC, ABC]);
    expect(Buffer.from(await folder.get(ABC))).toEqual(abc);
    expect(await readdir(join(root, 'tmp'))).toEqual([]);
  });

  it('finds what is missing or damaged, and mends it by writing again', async () => {
    await expect(folder.get(ABC)).rejects.toMatchObject({ code: 'QUEUE_ARTIFACT_MISSING', details: { hash: ABC } });
    await folder.put(abc);
    await writeFile(folder.path(ABC), 'abd');
    expect(await folder.has(ABC)).toBe(false);
    await expect(folder.get(ABC)).rejects.toMatchObject({ code: 'QUEUE_ARTIFACT_CHANGED', details: { hash: ABC } });
    await folder.put(abc);
    expect(await folder.has(ABC)).toBe(true);
  });

  it('never leaves its folder', async () => {
    for (const name of ['../secret', '', ABC.toUpperCase(), `${ABC}/..`]) {
      await expect(folder.get(name)).rejects.toMatchObject({ code: 'QUEUE_ARTIFACT_MISSING' });
    }
  });

  it('says so when it cannot write, and leaves nothing behind', async () => {
    await mkdir(join(root, 'data', ABC), { recursive: true }); // a folder where the file belongs
    await expect(folder.put(abc)).rejects.toMatchObject({ code: 'QUEUE_ARTIFACT_UNWRITABLE', retryable: true });
    expect(await readdir(join(root, 'tmp'))).toEqual([]);
  });

  it('remembers what a task returned as long as its artifacts are sound', async () => {
    const output = { result: { a: [1, null] }, artifacts: [await folder.put(abc)] };
    await folder.remember('commit:1', output);
    expect(await folder.recall('commit:1')).toEqual(output);
    expect(await folder.recall('commit:2')).toBeUndefined();
    await rm(folder.path(ABC));
    expect(await folder.recall('commit:1')).toBeUndefined();
  });

  it('does not believe a damaged memory', async () => {
    await folder.remember('x', { result: null, artifacts: [] });
    const [name] = await readdir(join(root, 'results'));
    for (const text of ['', '{', 'null', '{"key":"y","result":1,"artifacts":[]}', '{"key":"x","artifacts":[]}']) {
      await writeFile(join(root, 'results', name!), text);
      expect(await folder.recall('x')).toBeUndefined();
    }
  });
});
