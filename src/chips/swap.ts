import { term } from '../bus/tuple.js';
import { OP } from '../evm/opcodes.js';
import { defineChip } from './chip.js';
import { effectOf, POP, popTerms, pushTerm, STEP_COLUMNS, type StepEffect, stepTerms } from './lib/step.js';

/** What SWAP1 to SWAP16 do. */
export function swapEffect(op: bigint): StepEffect {
  return { ...effectOf('SWAP1'), op };
}

/** SWAP1 to SWAP16 (`circuits/chips/swap.circom`). */
export const swap = defineChip({
  name: 'swap',
  template: 'Swap()',
  columns: { ...STEP_COLUMNS, op: 1, a: POP, b: POP },
  terms: (row) => {
    const n = row.op - BigInt(OP.SWAP1) + 1n;
    const below = n + 1n;
    return [
      ...stepTerms(row, swapEffect(row.op)),
      term(-row.en, 'AND4', { a: n - 1n, b: 0n, c: 0n }),
      ...popTerms(row, 1n, row.a),
      ...popTerms(row, below, row.b),
      pushTerm(row, 1n, [row.b[0]!, row.b[1]!]),
      pushTerm(row, below, [row.a[0]!, row.a[1]!]),
    ];
  },
});
