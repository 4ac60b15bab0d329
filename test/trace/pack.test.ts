import { describe, expect, it } from 'vitest';
import { cellCount } from '../../src/chips/chip.js';
import { CHIPS } from '../../src/chips/index.js';
import { TraceError } from '../../src/errors/trace.js';
import { shapesOf as shapesOfSet } from '../../src/proof/shapes.js';
import type { ShapeSpec } from '../../src/proof/types.js';
import { type Demand, roomOf } from '../../src/trace/demand.js';
import { DEFAULT_COST, mostProofs, type PackedProof, pack } from '../../src/trace/pack.js';
import { type Random, randomOf, testSeed } from '../helpers/chips/random.js';

const demand = (counts: Readonly<Record<string, number>>): Demand => new Map(Object.entries(counts));

const MIXED = { name: 'mixed', chips: { tables: 1, pop: 40, add: 20, branch: 10 } };
const STEPS = { name: 'steps', chips: { pop: 400, add: 300 } };
const TRIE = { name: 'trie', chips: { branch: 100 } };
const shapesOf = (proofs: readonly PackedProof[]) => proofs.map(({ shape }) => shape);

/** Every row of the demand once, in order, and no more than its shape has room for. */
function expectDealt(proofs: readonly PackedProof[], need: Demand, shapes: readonly ShapeSpec[]): void {
  const dealt = new Map<string, number>();
  const wrong: unknown[] = [];
  proofs.forEach(({ shape, rows }, i) => {
    for (const [chip, { from, to }] of Object.entries(rows)) {
      if (from !== (dealt.get(chip) ?? 0) || to - from > roomOf(shapes[shape]!, chip))
        wrong.push({ i, chip, from, to });
      dealt.set(chip, to);
    }
    if (i > 0 && shape < proofs[i - 1]!.shape) wrong.push({ i, shape });
  });
  expect(wrong).toEqual([]);
  expect(dealt).toEqual(new Map([...need].filter(([, rows]) => rows > 0)));
}

describe('packing', () => {
  it('takes one mixed shape where it holds everything', () => {
    expect(shapesOf(pack(demand({ tables: 1, pop: 30, branch: 9 }), [MIXED, STEPS, TRIE]))).toEqual([0]);
  });

  it('takes single-purpose shapes for what is left over', () => {
    const proofs = pack(demand({ tables: 1, pop: 380, add: 250, branch: 100 }), [MIXED, STEPS, TRIE]);
    expect(shapesOf(proofs)).toEqual([0, 1, 2]);
  });

  it('takes two of one kind rather than one more kind, as L1 charges more for a kind', () => {
    expect(shapesOf(pack(demand({ tables: 1, branch: 18 }), [MIXED, STEPS, TRIE]))).toEqual([0, 0]);
  });

  it('deals every row once, in order', () => {
    const need = demand({ tables: 1, pop: 500, add: 20, branch: 33, void: 0 });
    const proofs = pack(need, [MIXED, STEPS, TRIE]);
    expectDealt(proofs, need, [MIXED, STEPS, TRIE]);
    expect(pack(need, [MIXED, STEPS, TRIE])).toEqual(proofs);
  });

  it('weighs gas against time as it is told', () => {
    const small = { name: 'small', chips: { branch: 10 } };
    const large = { name: 'large', chips: { branch: 100 } };
    const need = demand({ branch: 30 });
    expect(shapesOf(pack(need, [small, large], { perProof: 1_000, perShape: 0, perCell: 0 }))).toEqual([1]);
    expect(shapesOf(pack(need, [small, large], { perProof: 1, perShape: 0, perCell: 1_000 }))).toEqual([0, 0, 0]);
  });

  it('names the chips that no shape holds', () => {
    expect(() => pack(demand({ pop: 1, void: 1 }), [MIXED, TRIE])).toThrow(TraceError);
    expect(() => pack(demand({ pop: 1, void: 1 }), [MIXED, TRIE])).toThrow(/void/);
  });

  it('tries the thirteenth shape as well', () => {
    const chips = [
      'pop',
      'add',
      'mul',
      'div',
      'not',
      'dup',
      'swap',
      'calldataload',
      'env',
      'branch',
      'ext',
      'void',
      'stop',
    ];
    const shapes = chips.map((chip) => ({ name: chip, chips: { [chip]: 10 } }));
    expect(shapesOf(pack(demand({ stop: 11 }), shapes))).toEqual([12, 12]);
    expect(shapesOf(pack(demand(Object.fromEntries(chips.map((chip) => [chip, 5]))), shapes))).toEqual([
      ...chips.keys(),
    ]);
  });
});

/** Eight shapes of 2^18 that have every opcode's chip once, as a solver made them. */
const FAMILIES: readonly Readonly<Record<string, number>>[] = [
  { badjumpi: 23, bitwise: 770, expansion: 1239, jump: 289, memcell: 2033, nokey8: 20, slotend: 57 },
  { ext: 50, mul: 460, return: 23, transfer: 9, unaligned: 767, undo: 74, void: 8 },
  {
    frame: 92,
    copybytes: 39,
    copyword: 77,
    memory: 767,
    open2: 65,
    push: 907,
    pushdata32: 1213,
    txbad: 18,
    txend: 53,
  },
  { accountleaf: 68, env: 1493, keccak256: 77, keccak64: 55, not: 766, open4: 52, open8: 113, stop: 23 },
  { add: 769, branch: 155, byte: 769, drain: 4989, dup: 908, halt: 23, txskip: 4 },
  {
    badjump: 23,
    compare: 770,
    drainjrn: 74,
    jumpi: 231,
    memhalt: 23,
    nokey4: 51,
    pushdata2: 3543,
    shift: 770,
    swap: 770,
  },
  { cellend: 332, code: 104, calldataload: 770, pop: 1155, push0: 1502, pushdata4: 1772, warm: 124 },
  { div: 461, jumpdest: 2305, log: 7, mstore8: 769, register: 1499, sload: 24, slotleaf: 30, sstore: 34, txbegin: 27 },
];

const BULK: readonly ShapeSpec[] = FAMILIES.map((chips, i) => ({
  name: `bulk-${i}`,
  chips: Object.fromEntries(Object.entries(chips).filter(([chip]) => Object.hasOwn(CHIPS, chip))),
  bulk: true,
}));

const HOMES = BULK.flatMap(({ chips }) => Object.keys(chips));

describe('packing with bulk shapes', () => {
  const seed = testSeed();
  const mixed = shapesOfSet('default').filter(({ bulk }) => bulk !== true);
  const shapes = [...mixed, ...BULK];
  const bulkAlone = (need: Demand) =>
    BULK.map((shape) => Math.max(0, ...[...need].map(([c, n]) => (roomOf(shape, c) > 0 ? n / roomOf(shape, c) : 0))));

  it('keeps the promise for random demands, and is never dearer than without mixed shapes', () => {
    console.log(`packing: DELTAPROOF_SEED=${seed}`);
    for (let n = 0; n < 40; n++) {
      const need = randomDemand(randomOf(seed, `demand ${n}`));
      const proofs = pack(need, shapes);
      expectDealt(proofs, need, shapes);
      expect(proofs.length, `demand ${n}`).toBeLessThanOrEqual(mostProofs(need, shapes));
      expect(priceOf(proofs, shapes), `demand ${n}`).toBeLessThanOrEqual(priceOf(pack(need, BULK), BULK));
      if (n < 5) expect(JSON.stringify(pack(need, shapes))).toBe(JSON.stringify(proofs));
    }
  });

  it('takes exactly as many bulk shapes as their scarcest chips need', () => {
    const random = randomOf(seed, 'exact');
    for (let n = 0; n < 60; n++) {
      const need = randomDemand(random);
      const counts = BULK.map((_, shape) => pack(need, BULK).filter((proof) => proof.shape === shape).length);
      expect(counts).toEqual(bulkAlone(need).map(Math.ceil));
    }
  });

  it('packs what fits one mixed shape as without bulk shapes', () => {
    for (const [i, { chips }] of mixed.entries()) {
      const half = new Map(Object.entries(chips).map(([chip, rows]) => [chip, Math.ceil(rows / 2)]));
      expect(pack(half, shapes)).toEqual(pack(half, mixed));
      expect(pack(half, mixed).length, `${i}`).toBe(1);
    }
  });

  it('takes bulk shapes for what mixed ones have no room for', () => {
    const small = { name: 'small', chips: { tables: 1, pop: 40, add: 20 } };
    const bulk = { name: 'bulk', chips: { branch: 100 }, bulk: true };
    expect(shapesOf(pack(demand({ tables: 1, pop: 3, branch: 101 }), [small, bulk]))).toEqual([0, 1, 1]);
  });
});

/** Up to the size of the worst batch: some chips have many rows, some few, most none. */
function randomDemand(random: Random): Demand {
  const some = HOMES.filter(() => random.int(4) === 0);
  return new Map(some.map((chip) => [chip, random.int(2 ** (1 + random.int(17)))]));
}

function priceOf(proofs: readonly PackedProof[], shapes: readonly ShapeSpec[]): number {
  const { perProof, perShape, perCell } = DEFAULT_COST;
  const cells = ({ chips }: ShapeSpec) =>
    Object.entries(chips).reduce((sum, [chip, rows]) => sum + rows * cellCount(CHIPS[chip]!), 0);
  const prices = shapes.map((shape) => perProof + perCell * cells(shape));
  const kinds = new Set(shapesOf(proofs)).size;
  return proofs.reduce((sum, { shape }) => sum + prices[shape]!, perShape * kinds);
}
