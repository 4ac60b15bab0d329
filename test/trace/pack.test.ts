import { describe, expect, it } from 'vitest';
import type { TraceRow } from '../../src/chips/chip.js';
import { CHIPS } from '../../src/chips/index.js';
import { TraceError } from '../../src/errors/trace.js';
import { pack } from '../../src/trace/pack.js';

const rowsOf = (counts: Readonly<Record<string, number>>): TraceRow[] =>
  Object.entries(counts).flatMap(([chip, n]) =>
    Array.from({ length: n }, (_, i) => ({ chip, row: CHIPS[chip]!.padding, origin: `${chip} ${i}` })),
  );

const MIXED = { name: 'mixed', chips: { tables: 1, pop: 40, add: 20, branch: 10 } };
const STEPS = { name: 'steps', chips: { pop: 400, add: 300 } };
const TRIE = { name: 'trie', chips: { branch: 100 } };
const shapesOf = (proofs: ReturnType<typeof pack>) => proofs.map(({ shape }) => shape);

describe('packing', () => {
  it('takes one mixed shape where it holds everything', () => {
    expect(shapesOf(pack(rowsOf({ tables: 1, pop: 30, branch: 9 }), [MIXED, STEPS, TRIE]))).toEqual([0]);
  });

  it('takes single-purpose shapes for what is left over', () => {
    const proofs = pack(rowsOf({ tables: 1, pop: 380, add: 250, branch: 100 }), [MIXED, STEPS, TRIE]);
    expect(shapesOf(proofs)).toEqual([0, 1, 2]);
  });

  it('takes two of one kind rather than one more kind, as L1 charges more for a kind', () => {
    expect(shapesOf(pack(rowsOf({ tables: 1, branch: 18 }), [MIXED, STEPS, TRIE]))).toEqual([0, 0]);
  });

  it('deals every row once, in order', () => {
    const rows = rowsOf({ tables: 1, pop: 500, add: 20, branch: 33 });
    const proofs = pack(rows, [MIXED, STEPS, TRIE]);
    for (const chip of ['tables', 'pop', 'add', 'branch']) {
      const dealt = proofs.flatMap((proof) => proof.rows[chip] ?? []);
      expect(dealt).toEqual(rows.filter((row) => row.chip === chip).map(({ row }) => row));
    }
    for (const { shape, rows: part } of proofs) {
      for (const [chip, list] of Object.entries(part)) {
        const chips: Readonly<Record<string, number>> = [MIXED, STEPS, TRIE][shape]!.chips;
        expect(list.length).toBeLessThanOrEqual(chips[chip]!);
      }
    }
    expect(shapesOf(proofs)).toEqual([...shapesOf(proofs)].sort());
    expect(pack(rows, [MIXED, STEPS, TRIE])).toEqual(proofs);
  });

  it('weighs gas against time as it is told', () => {
    const small = { name: 'small', chips: { branch: 10 } };
    const large = { name: 'large', chips: { branch: 100 } };
    const rows = rowsOf({ branch: 30 });
    expect(shapesOf(pack(rows, [small, large], { perProof: 1_000, perShape: 0, perCell: 0 }))).toEqual([1]);
    expect(shapesOf(pack(rows, [small, large], { perProof: 1, perShape: 0, perCell: 1_000 }))).toEqual([0, 0, 0]);
  });

  it('names the chips that no shape holds', () => {
    expect(() => pack(rowsOf({ pop: 1, void: 1 }), [MIXED, TRIE])).toThrow(TraceError);
    expect(() => pack(rowsOf({ pop: 1, void: 1 }), [MIXED, TRIE])).toThrow(/void/);
  });
});
