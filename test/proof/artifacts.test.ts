import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  ArtifactStore,
  cacheFolder,
  contentKey,
  type WriteFile,
  writeAtomically,
  writeChunks,
} from '../../src/build/artifacts.js';
import { temporaryFolder } from '../fixtures/proof/pipeline.js';

const KEY = contentKey('input');
let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const content = (name: string) => Buffer.from(`content of ${name}`);

async function make(target: string, write: WriteFile): Promise<{ made: boolean }> {
  await write(join(target, 'a.bin'), [content('a')]);
  await write(join(target, 'b.bin'), [content('b'), content('b')]);
  return { made: true };
}

const files = () => readdirSync(join(folder.path, 'thing', KEY)).sort();

describe('ArtifactStore', () => {
  it('makes an artifact once and finds it again', async () => {
    const store = new ArtifactStore(folder.path);
    const first = await store.build('thing', KEY, make);
    const again = await store.build('thing', KEY, () => Promise.reject(new Error('made twice')));
    expect(again).toEqual(first);
    expect(first.info).toEqual({ made: true });
    expect(files()).toEqual(['a.bin', 'b.bin', 'manifest.json']);
    expect(readFileSync(join(first.folder, 'b.bin'), 'utf8')).toBe('content of bcontent of b');
  });

  it('says what to do when an artifact is missing', async () => {
    const load = new ArtifactStore(folder.path).load('thing', KEY);
    await expect(load).rejects.toMatchObject({
      code: 'ARTIFACT_MISSING',
      message: expect.stringMatching(/deltaproof circuits setup/),
    });
  });

  const damage: Record<string, (path: string) => void> = {
    'a changed byte': (path) => writeFileSync(join(path, 'a.bin'), 'Content of a'),
    'an appended byte': (path) => appendFileSync(join(path, 'a.bin'), '!'),
    'a deleted file': (path) => rmSync(join(path, 'a.bin')),
    'a deleted manifest': (path) => rmSync(join(path, 'manifest.json')),
    'a manifest cut short': (path) => writeFileSync(join(path, 'manifest.json'), '{"format": "delt'),
    'a manifest of another artifact': (path) => {
      const text = readFileSync(join(path, 'manifest.json'), 'utf8');
      writeFileSync(join(path, 'manifest.json'), text.replace(KEY, contentKey('other')));
    },
  };
  for (const [what, apply] of Object.entries(damage)) {
    it(`refuses ${what}, and builds again`, async () => {
      const store = new ArtifactStore(folder.path);
      const built = await store.build('thing', KEY, make);
      apply(built.folder);
      await expect(store.load('thing', KEY)).rejects.toMatchObject({
        code: 'ARTIFACT_CHANGED',
        message: expect.stringMatching(/deltaproof circuits setup/),
      });
      expect(await store.build('thing', KEY, make)).toEqual(built);
      expect(await store.load('thing', KEY)).toEqual(built);
    });
  }

  it('leaves nothing behind when the disk is full at any write, and continues when it is not', async () => {
    for (let failing = 0; failing < 3; failing++) {
      let writes = 0;
      const full: WriteFile = async (path, chunks) => {
        if (writes++ === failing) {
          await writeChunks(path, [Buffer.from('cut')]);
          throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
        }
        await writeChunks(path, chunks);
      };
      const build = new ArtifactStore(folder.path, full).build('thing', KEY, make);
      await expect(build).rejects.toMatchObject({ code: 'ENOSPC' });
      expect(readdirSync(join(folder.path, 'tmp'))).toEqual([]);
      await expect(new ArtifactStore(folder.path).load('thing', KEY)).rejects.toMatchObject({
        code: 'ARTIFACT_MISSING',
      });
    }
    await new ArtifactStore(folder.path).build('thing', KEY, make);
    expect(files()).toEqual(['a.bin', 'b.bin', 'manifest.json']);
  });

  it('lets one of several simultaneous builds win', async () => {
    const builds = Array.from({ length: 4 }, () => new ArtifactStore(folder.path).build('thing', KEY, make));
    const artifacts = await Promise.all(builds);
    for (const artifact of artifacts) expect(artifact).toEqual(artifacts[0]);
    expect(readdirSync(join(folder.path, 'tmp'))).toEqual([]);
    expect(files()).toEqual(['a.bin', 'b.bin', 'manifest.json']);
  });

  it('is built by one of several at once, whatever became of whoever had begun', async () => {
    const dead = 2 ** 22 + 1;
    const lock = join(folder.path, 'locks', `thing-${KEY}`);
    mkdirSync(join(folder.path, 'locks'));
    // Killed on this machine; or silent on another.
    for (const [owner, age] of [
      [`${dead}@${hostname()}`, 0],
      ['1@elsewhere', 61],
    ] as const) {
      writeFileSync(lock, owner);
      const then = Date.now() / 1000 - age;
      utimesSync(lock, then, then);
      let made = 0;
      const slow = async (target: string, write: WriteFile) => {
        made++;
        await new Promise((resolve) => setTimeout(resolve, 50));
        return make(target, write);
      };
      const builds = Array.from({ length: 4 }, () => new ArtifactStore(folder.path).build('thing', KEY, slow));
      await Promise.all(builds);
      expect(made).toBe(1);
      expect(readdirSync(join(folder.path, 'locks'))).toEqual([]);
      rmSync(join(folder.path, 'thing'), { recursive: true });
    }
  });

  it('repairs a damaged artifact although several builds try at once', async () => {
    const built = await new ArtifactStore(folder.path).build('thing', KEY, make);
    writeFileSync(join(built.folder, 'a.bin'), 'damaged');
    const builds = Array.from({ length: 4 }, () => new ArtifactStore(folder.path).build('thing', KEY, make));
    for (const artifact of await Promise.all(builds)) expect(artifact).toEqual(built);
    expect(await new ArtifactStore(folder.path).load('thing', KEY)).toEqual(built);
  });

  it('removes what dead processes of this machine left, and nothing else', async () => {
    const tmp = join(folder.path, 'tmp');
    const dead = 2 ** 22 + 1; // above the highest process id of Linux
    const [left, ours, foreign] = [`x@${dead}@${hostname()}`, `x@${process.pid}@${hostname()}`, `x@${dead}@elsewhere`];
    for (const name of [left, ours, foreign]) mkdirSync(join(tmp, name), { recursive: true });
    await new ArtifactStore(folder.path).build('thing', KEY, make);
    expect(readdirSync(tmp).sort()).toEqual([ours, foreign].sort());
  });
});

describe('cacheFolder', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });
  const installed = '/app/node_modules/deltaproof';

  it('is the one that is named, else in the checkout', () => {
    vi.stubEnv('DELTAPROOF_CACHE', '/chosen');
    expect([cacheFolder(folder.path), cacheFolder(installed)]).toEqual(['/chosen', '/chosen']);
    vi.stubEnv('DELTAPROOF_CACHE', '');
    expect(cacheFolder(folder.path)).toBe(join(folder.path, '.cache'));
  });

  it("is the user's when the package is installed or may not be written to", () => {
    vi.stubEnv('DELTAPROOF_CACHE', '');
    vi.stubEnv('XDG_CACHE_HOME', '/home/u/cache');
    // Root may write to every folder that there is.
    const places = [installed, join(folder.path, 'not there')].map((root) => cacheFolder(root));
    expect(places).toEqual(Array(2).fill('/home/u/cache/deltaproof'));
    vi.stubEnv('XDG_CACHE_HOME', '');
    expect(cacheFolder(installed)).toBe(join(homedir(), '.cache', 'deltaproof'));
  });
});

describe('contentKey', () => {
  it('separates its inputs', () => {
    expect(contentKey('ab', 'c')).not.toBe(contentKey('a', 'bc'));
    expect(contentKey('ab')).not.toBe(contentKey('ab', ''));
  });
});

describe('writeAtomically', () => {
  it('keeps the old content when the disk is full', async () => {
    const path = join(folder.path, 'file');
    await writeAtomically(path, 'old');
    const full: WriteFile = async (target) => {
      await writeChunks(target, [Buffer.from('ne')]);
      throw new Error('full');
    };
    await expect(writeAtomically(path, 'new', full)).rejects.toThrow('full');
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder.path)).toEqual(['file']);
  });
});
