import { cpSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ArtifactStore, cacheFolder } from '../../src/build/artifacts.js';
import { challengeOf } from '../../src/bus/tuple.js';
import { Engine } from '../../src/engine/engine.js';
import { prepareKey } from '../../src/engine/prepare.js';
import { buildKeySet, type KeyedShape } from '../../src/proof/keyset.js';
import { shapeInputs } from '../../src/proof/shapes.js';
import { wasmEngine } from '../../src/proof/wasm.js';
import { temporaryFolder } from '../fixtures/proof/pipeline.js';
import { TEST_CHIPS, TEST_SHAPES } from '../fixtures/test-chips.js';
import { randomOf, testSeed } from '../helpers/chips/random.js';

const CHALLENGE = challengeOf(123_456_789n, 987_654_321n);
const ROW = { en: 1n, x: 7n, y: 11n, z: [2n, 3n], m: 4n };
/** What committing reads; proving reads all else. */
const COMMITS_WITH = 'K';
const FILES = ['plan', 'head', 'A', 'B2', 'C', 'H', 'K'];
const FLIPS = 8;

const random = randomOf(testSeed(), 'prepared-key');
const folder = temporaryFolder();
const store = new ArtifactStore(folder.path);
const engine = new Engine(store, 1);
let shape: KeyedShape;
let names: { zkeyHash: string; r1csHash: string };
let prepared: string;
let cells: readonly bigint[];

beforeAll(async () => {
  console.log(`prepared-key: DELTAPROOF_SEED=${testSeed()}`);
  const keySet = await buildKeySet('tiny', { chips: TEST_CHIPS, shapes: TEST_SHAPES });
  shape = keySet.shapes[0]!;
  names = { zkeyHash: shape.zkeyHash!, r1csHash: shape.r1csHash };
  prepared = (await prepareKey(names, shape, store)).folder;
  cells = shapeInputs(shape.spec, { mark: [ROW as never] }, TEST_CHIPS).cells;
});
afterAll(async () => {
  await engine.close();
  folder.remove();
});

const use = (file: string) =>
  file === COMMITS_WITH ? engine.commit(names, cells) : engine.prove(names, cells, CHALLENGE);

/** Changes a file for a moment. */
async function changed(file: string, change: (path: string, bytes: Buffer) => void, work: () => Promise<void>) {
  const path = join(prepared, file);
  const bytes = readFileSync(path);
  change(path, Buffer.from(bytes));
  try {
    await work();
  } finally {
    writeFileSync(path, bytes);
  }
}

describe('a prepared key', () => {
  it('is these files, which prove and commit', async () => {
    expect(readdirSync(prepared).sort()).toEqual([...FILES, 'manifest.json'].sort());
    for (const file of FILES) await use(file);
  });

  it.each(FILES)('with a bit flipped anywhere in %s is noticed before anything is made of it', async (file) => {
    const { length } = readFileSync(join(prepared, file));
    const places = [0, length - 1, ...Array.from({ length: FLIPS }, () => random.int(length))];
    for (const place of places) {
      const flip = (path: string, bytes: Buffer) => {
        bytes[place]! ^= 1 << random.int(8);
        writeFileSync(path, bytes);
      };
      await changed(file, flip, () => expect(use(file)).rejects.toMatchObject({ code: 'ARTIFACT_CHANGED' }));
    }
    await use(file);
  });

  it.each(FILES)('with %s cut short is noticed', async (file) => {
    const cut = (path: string, { length }: Buffer) => truncateSync(path, length - 1);
    await changed(file, cut, () => expect(use(file)).rejects.toMatchObject({ code: 'ARTIFACT_CHANGED' }));
  });

  it('that was damaged is made anew by the engine that needs it', async () => {
    const damage = (path: string, bytes: Buffer) => writeFileSync(path, bytes.fill(0));
    const owner = wasmEngine({ store, chips: TEST_CHIPS }, 1);
    await changed('A', damage, async () => {
      const inputs = shapeInputs(shape.spec, { mark: [ROW as never] }, TEST_CHIPS);
      expect(await owner.prove(shape, inputs, CHALLENGE)).toMatchObject({ sum: expect.any(BigInt) });
    }).finally(() => owner.close());
  });

  it('is not made of files that are not those it is named after', async () => {
    const copies = temporaryFolder();
    try {
      const copy = (path: string) => {
        const to = join(copies.path, basename(path));
        cpSync(path, to);
        return to;
      };
      const paths = { zkey: copy(shape.zkey), r1cs: copy(shape.r1cs) };
      expect(relative(cacheFolder(), paths.zkey)).toContain('..');
      const bytes = readFileSync(paths.zkey);
      bytes[bytes.length - 200]! ^= 1;
      writeFileSync(paths.zkey, bytes);
      const elsewhere = new ArtifactStore(copies.path);
      await expect(prepareKey(names, paths, elsewhere)).rejects.toMatchObject({ code: 'ARTIFACT_CHANGED' });
      const other = { ...names, r1csHash: '0'.repeat(64) };
      await expect(prepareKey(other, shape, elsewhere)).rejects.toMatchObject({ code: 'ARTIFACT_CHANGED' });
    } finally {
      copies.remove();
    }
  });

  it('takes as many cells as it commits', async () => {
    for (const wrong of [cells.slice(1), [...cells, 0n]]) {
      await expect(engine.commit(names, wrong)).rejects.toMatchObject({ code: 'PROOF_INPUT' });
      await expect(engine.prove(names, wrong, CHALLENGE)).rejects.toMatchObject({ code: 'PROOF_INPUT' });
    }
  });
});
