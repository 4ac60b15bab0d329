import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { buildBn128, type Curve } from 'ffjavascript';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ArtifactStore, cacheFolder, type WriteFile, writeChunks } from '../../src/build/artifacts.js';
import { readSections } from '../../src/build/binfile.js';
import { packageRoot } from '../../src/build/package-root.js';
import { R } from '../../src/bus/field.js';
import { Kernel } from '../../src/engine/kernel.js';
import { keySetHash, readZkey } from '../../src/proof/keys.js';
import { buildKeySet, type KeySet, loadKeySet } from '../../src/proof/keyset.js';
import { FixedBase } from '../../src/proof/setup/fixed-base.js';
import { setUp } from '../../src/proof/setup/setup.js';
import { seeded, temporaryFolder, testSeed } from '../fixtures/proof/pipeline.js';
import { TEST_CHIPS, TEST_SHAPES } from '../fixtures/test-chips.js';

const TINY = { chips: TEST_CHIPS, shapes: TEST_SHAPES };
let curve: Curve;
let tiny: KeySet;
beforeAll(async () => {
  curve = await buildBn128(true);
  tiny = await buildKeySet('tiny', TINY);
});

describe('FixedBase', () => {
  const cases = (['g1', 'g2'] as const).flatMap((group) => [10, 1_000, 1_000_000].map((points) => ({ group, points })));
  it.each(cases)(
    'multiplies the generator of $group as the library does, table for $points',
    async ({ group, points }) => {
      const seed = testSeed();
      const random = seeded(seed);
      const scalar = () =>
        Array.from({ length: 8 }, () => BigInt(random(2 ** 32))).reduce((x, y) => (x << 32n) | y) % R;
      const scalars = [
        0n,
        1n,
        2n,
        R - 1n,
        R - 2n,
        (R - 1n) / 2n,
        (R + 1n) / 2n,
        1n << 253n,
        8191n,
        8192n,
        2047n,
        2048n,
      ];
      while (scalars.length < 2100) scalars.push(scalar()); // more than one chunk of the kernel's
      const library = curve[group === 'g1' ? 'G1' : 'G2'];
      const base = new FixedBase(new Kernel(), group, points);
      const multiples = await base.multiples(scalars);
      const size = base.pointBytes;
      for (const i of [...Array.from({ length: 60 }, (_, k) => k), 2047, 2048, 2099]) {
        const expected = library.toAffine(library.timesScalar(library.g, scalars[i]!));
        const actual = multiples.subarray(i * size, i * size + size);
        expect(Buffer.from(expected).equals(actual), `scalar ${scalars[i]}, seed ${seed}`).toBe(true);
      }
    },
  );
});

describe('key set', () => {
  it('is marked as a development one and hashes as the contract stores it', () => {
    expect(tiny.development).toBe(true);
    expect(tiny.blob.length).toBe(2 + 2 * (224 + 2 * 512));
    expect(tiny.hash).toBe(keySetHash(tiny.blob));
    expect(tiny.shapes.map(({ id, committed, domain }) => [id, committed, domain])).toEqual([
      [0, 36, 128],
      [1, 12, 64],
    ]);
  });

  it('says what to do when it is not there', async () => {
    const folder = temporaryFolder();
    try {
      const load = loadKeySet('tiny', { ...TINY, store: new ArtifactStore(folder.path) });
      await expect(load).rejects.toMatchObject({
        code: 'ARTIFACT_MISSING',
        message: expect.stringContaining('deltaproof circuits setup'),
      });
    } finally {
      folder.remove();
    }
  });

  it('refuses a zkey with a commitment base at infinity, one that leaves a committed wire free, one whose gamma is not 1', async () => {
    const folder = temporaryFolder();
    try {
      const original = readFileSync(tiny.shapes[0]!.zkey);
      const { committed } = tiny.shapes[0]!;
      const path = join(folder.path, 'bad.zkey');
      const noBase = Buffer.from(original);
      noBase.fill(0, noBase.length - 128 - 64 * committed, noBase.length - 128 - 64 * (committed - 1));
      writeFileSync(path, noBase);
      await expect(readZkey(path)).rejects.toMatchObject({
        code: 'KEY_DEGENERATE',
        message: expect.stringContaining('Commitment base 0'),
      });
      // The last committed wire, under delta as a wire that is not committed.
      const free = Buffer.from(original);
      const file = await open(tiny.shapes[0]!.zkey);
      const { offset } = (await readSections(file, 'zkey')).get(8)!;
      await file.close();
      free.copy(free, offset + 64 * (committed - 1), offset + 64 * committed, offset + 64 * (committed + 1));
      writeFileSync(path, free);
      await expect(readZkey(path)).rejects.toMatchObject({
        code: 'KEY_DEGENERATE',
        message: expect.stringContaining(`Committed wire ${committed - 1} `),
      });
      const gamma = Buffer.from(original);
      const one = Buffer.from(curve.G2.toAffine(curve.G2.g));
      gamma.set(curve.G2.toAffine(curve.G2.add(curve.G2.g, curve.G2.g)), gamma.indexOf(one));
      writeFileSync(path, gamma);
      await expect(readZkey(path)).rejects.toMatchObject({
        code: 'KEY_DEGENERATE',
        message: expect.stringContaining('gamma'),
      });
    } finally {
      folder.remove();
    }
  });
});

describe('building a key set', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());

  /** A process that builds the key set in the test's folder. */
  function build(): { child: ChildProcess; lines: AsyncIterable<string>; output: () => string } {
    const args = ['--import', 'tsx', 'test/fixtures/proof/build-keyset.ts', folder.path];
    const child = spawn(process.execPath, args, { cwd: packageRoot(), stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    return { child, lines: createInterface({ input: child.stdout }), output: () => output };
  }

  it.each(['link 1', 'setup 0.', 'setup 1'])('survives kill -9 at "%s" and continues', async (moment) => {
    const { child, lines } = build();
    for await (const line of lines) {
      if (!line.startsWith(moment)) continue;
      child.kill('SIGKILL');
      break;
    }
    const [, signal] =
      child.exitCode === null && child.signalCode === null ? await once(child, 'exit') : [0, child.signalCode];
    expect(signal).toBe('SIGKILL');
    const store = new ArtifactStore(folder.path);
    await expect(loadKeySet('tiny', { ...TINY, store })).rejects.toMatchObject({ code: 'ARTIFACT_MISSING' });
    const finished = readdirSync(join(folder.path, 'shape'));
    expect((await buildKeySet('tiny', { ...TINY, store })).hash).toBe(tiny.hash);
    expect(readdirSync(join(folder.path, 'shape'))).toEqual(expect.arrayContaining(finished));
    expect((await loadKeySet('tiny', { ...TINY, store })).hash).toBe(tiny.hash);
  });

  it('works in two processes at once', async () => {
    const builds = [build(), build()];
    const codes = await Promise.all(builds.map(async ({ child }) => (await once(child, 'close'))[0]));
    expect(codes).toEqual([0, 0]);
    for (const { output } of builds) expect(output()).toContain(`hash ${tiny.hash}`);
    expect(readdirSync(join(folder.path, 'tmp'))).toEqual([]);
    expect((await loadKeySet('tiny', { ...TINY, store: new ArtifactStore(folder.path) })).hash).toBe(tiny.hash);
  });

  it('survives a full disk at any write and continues', async () => {
    let failing = 0;
    for (; ; failing++) {
      let writes = 0;
      const full: WriteFile = async (path, chunks) => {
        if (writes++ !== failing) return writeChunks(path, chunks);
        throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      };
      const built = buildKeySet('tiny', { ...TINY, store: new ArtifactStore(folder.path, full) });
      const outcome = await built.then(
        ({ hash }) => hash,
        (error: NodeJS.ErrnoException) => error.code,
      );
      expect(readdirSync(join(folder.path, 'tmp'))).toEqual([]);
      if (outcome === tiny.hash) break;
      expect(outcome).toBe('ENOSPC');
    }
    // Finished circuits and keys are kept, so every round gets further.
    expect(failing).toBeGreaterThan(3);
  });

  it('finds a key that changed on disk, and rebuilds it', async () => {
    const store = new ArtifactStore(folder.path);
    for (const path of tiny.shapes.flatMap(({ zkey, r1cs }) => [dirname(zkey), dirname(r1cs)])) {
      cpSync(path, join(folder.path, relative(cacheFolder(), path)), { recursive: true });
    }
    const { shapes } = await loadKeySet('tiny', { ...TINY, store });
    const path = shapes[1]!.zkey;
    const bytes = readFileSync(path);
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(path, bytes);
    await expect(loadKeySet('tiny', { ...TINY, store })).rejects.toMatchObject({
      code: 'ARTIFACT_CHANGED',
      message: expect.stringContaining(path),
    });
    // Who proves another shape, or reads another file of this one, does not read it.
    expect((await loadKeySet('tiny', { ...TINY, store, check: [0] })).hash).toBe(tiny.hash);
    expect((await loadKeySet('tiny', { ...TINY, store, check: [1], files: ['r1cs'] })).hash).toBe(tiny.hash);
    await expect(loadKeySet('tiny', { ...TINY, store, check: [1], files: ['zkey'] })).rejects.toMatchObject({
      code: 'ARTIFACT_CHANGED',
    });
    await expect(loadKeySet('tiny', { ...TINY, store, check: [1] })).rejects.toMatchObject({
      code: 'ARTIFACT_CHANGED',
    });
    expect((await buildKeySet('tiny', { ...TINY, store })).hash).toBe(tiny.hash);
    // What a verifier goes by is always checked.
    const header = join(dirname(shapes[1]!.zkey), 'header.json');
    writeFileSync(
      header,
      readFileSync(header, 'utf8').replace('"ic":["0x0', '"ic":["0x1').replace('"ic":["0x2', '"ic":["0x0'),
    );
    await expect(loadKeySet('tiny', { ...TINY, store, check: [] })).rejects.toMatchObject({
      code: 'ARTIFACT_CHANGED',
      message: expect.stringContaining(header),
    });
  });

  it('reports a set-up that fails in its child process', async () => {
    const store = new ArtifactStore(folder.path);
    const circuit = {
      r1cs: '/nowhere.r1cs',
      r1csHash: 'x',
      info: { constraints: 0, wires: 0, publics: 3, committed: 0 },
    };
    await expect(setUp([{ owner: 'bad', circuit }], store)).rejects.toMatchObject({
      message: expect.stringContaining('/nowhere.r1cs'),
    });
    expect(readdirSync(join(folder.path, 'tmp'))).toEqual([]);
  });
});
