import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ArtifactStore } from '../../../src/build/artifacts.js';
import { compileCircuit } from '../../../src/build/compile-circuits.js';
import { CHIPS } from '../../../src/chips/index.js';
import type { Blocks } from '../../../src/proof/linker/block.js';
import { link } from '../../../src/proof/linker/link.js';
import { assertSame, compileRows } from '../../../src/proof/linker/rows.js';
import { type ChipRegistry, mainCircuit } from '../../../src/proof/shapes.js';
import { temporaryFolder } from '../../fixtures/proof/pipeline.js';
import { TEST_CHIPS, TEST_SHAPES } from '../../fixtures/test-chips.js';
import { randomOf, testSeed } from '../../helpers/chips/random.js';

/** Chips whose rows circom compiles in a second or two: of every kind of constraint (`tables` and the trie's take long). */
const SMALL = [
  'add',
  'badjumpi',
  'bitwise',
  'cellend',
  'compare',
  'drain',
  'drainjrn',
  'mask',
  'memhalt',
  'memory',
  'mul',
  'push',
  'push0',
  'pushdata2',
  'pushdata32',
  'return',
  'sload',
  'stop',
  'swap',
  'unaligned',
  'warm',
];
const OWN = Object.fromEntries(SMALL.map((name) => [name, (CHIPS as unknown as ChipRegistry)[name]!]));

let folder: ReturnType<typeof temporaryFolder>;
let store: ArtifactStore;
let own: Blocks;
let tiny: Blocks;
beforeAll(async () => {
  folder = temporaryFolder();
  store = new ArtifactStore(folder.path);
  [own, tiny] = await Promise.all([compileRows(OWN, store), compileRows(TEST_CHIPS, store)]);
}, 300_000);
afterAll(() => folder.remove());

async function expectSame(chips: Readonly<Record<string, number>>, blocks: Blocks, registry: ChipRegistry) {
  const spec = { name: 'linked', chips };
  const { file, ...sizes } = link(spec, blocks, registry);
  const { r1cs, info } = await compileCircuit({ name: spec.name, source: mainCircuit(spec, registry) }, store);
  expect(info).toMatchObject(sizes);
  expect(Buffer.compare(file, readFileSync(r1cs)), JSON.stringify(chips)).toBe(0);
}

describe('a linked shape is what circom makes of its main circuit, byte by byte', { timeout: 300_000 }, () => {
  it.each([
    // Sums of one group, of a group of one output, of several groups, of a row each; the shape's sum is a partial one, or an output.
    ['a single output', { drain: 1 }],
    ['outputs of one row', { push: 1 }],
    ['outputs of two rows', { drain: 2 }],
    ['partial sums, the last of one output', { drain: 513 }],
    ['partial sums of several chips', { drain: 513, push: 100, drainjrn: 1 }],
    // In this order, not by their names; push, push0, pushdata2 and pushdata32 are each other's beginnings.
    ['chips out of order', { pushdata32: 2, push0: 3, pushdata2: 11, push: 12, add: 1 }],
    ['every kind of constraint', { memhalt: 3, return: 2, compare: 4, unaligned: 1, mul: 2, badjumpi: 1 }],
  ] as const)('%s', (_, chips) => expectSame(chips, own, OWN));

  it('shapes of the test chips', async () => {
    for (const { chips } of TEST_SHAPES.tiny!) await expectSame(chips, tiny, TEST_CHIPS);
  });

  it('random shapes', async () => {
    const seed = testSeed();
    console.log(`random shapes: DELTAPROOF_SEED=${seed}`);
    const random = randomOf(seed, 'linked shapes');
    for (let i = 0; i < 4; i++) {
      const rest = [...SMALL];
      const names = Array.from({ length: 1 + random.int(6) }, () => rest.splice(random.int(rest.length), 1)[0]!);
      await expectSame(Object.fromEntries(names.map((name) => [name, 1 + random.int(30)])), own, OWN);
    }
  });
});

describe('compileRows', () => {
  it('refuses rows that are not what the linker makes of them', async () => {
    const { chips, ...shared } = own;
    const other = new Map(chips);
    const { reduced, linear, ...block } = other.get('unaligned')!;
    other.set('unaligned', { ...block, reduced: linear, linear: reduced });
    const spec = { chips: { unaligned: 2 } };
    const [file, moved] = [own, { ...shared, chips: other }].map((blocks) => link(spec, blocks, OWN).file);
    expect(() => assertSame(Buffer.from(file!), Buffer.from(file!))).not.toThrow();
    expect(() => assertSame(Buffer.from(moved!), Buffer.from(file!))).toThrow(
      expect.objectContaining({ code: 'CIRCUIT_FORMAT' }),
    );
  });
});
