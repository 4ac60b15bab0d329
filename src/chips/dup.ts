import { term } from '../bus/tuple.js';
import { OP } from '../evm/opcodes.js';
import { defineChip } from './chip.js';
import { effectOf, POP, popTerms, pushTerm, roomTerm, STEP_COLUMNS, type StepEffect, stepTerms } from './lib/step.js';

/** What DUP1 to DUP16 do. */
export function dupEffect(op: bigint): StepEffect {
  return { ...effectOf('DUP1'), op };
}

/** DUP1 to DUP16 (`circuits/chips/dup.circom`). */
export const dup = defineChip({
  name: 'dup',
  template: 'Dup()',
  columns: { ...STEP_COLUMNS, op: 1, a: POP },
  terms: (row) => {
    const n = row.op - BigInt(OP.DUP1) + 1n;
    const word = [row.a[0]!, row.a[1]!] as const;
    return [
      ...stepTerms(row, dupEffect(row.op)),
      term(-row.en, 'AND4', { a: n - 1n, b: 0n, c: 0n }),
      ...popTerms(row, n, row.a),
      pushTerm(row, n, word),
      roomTerm(row),
      pushTerm(row, 0n, word),
    ];
  },
});
