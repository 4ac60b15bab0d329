import { term } from '../bus/tuple.js';
import { WORK } from '../evm/work.js';
import { defineChip } from './chip.js';
import {
  NO_POP,
  NO_STEP,
  POP,
  popTerms,
  pushTerm,
  roomTerm,
  STEP_COLUMNS,
  type StepEffect,
  stepTerms,
} from './lib/step.js';

/** DUP1. */
export const DUP1 = 0x80n;

/** What DUP1 to DUP16 do. */
export function dupEffect(op: bigint): StepEffect {
  return { op, dsp: 1n, cost: 3n, work: WORK.dup };
}

/** DUP1 to DUP16 (`circuits/chips/dup.circom`). */
export const dup = defineChip({
  name: 'dup',
  file: 'dup',
  template: 'Dup()',
  outputs: 11,
  columns: { ...STEP_COLUMNS, op: 1, a: POP },
  padding: { ...NO_STEP, op: 0n, a: NO_POP },
  terms: (row) => {
    const n = row.op - DUP1 + 1n;
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
