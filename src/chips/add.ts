import { defineChip } from './chip.js';
import { LIMBS_128, range128Terms, valueOfLimbs } from './lib/range.js';
import { effectOf, POP, popTerms, pushTerm, STEP_COLUMNS, type StepEffect, stepTerms } from './lib/step.js';

const ADD = effectOf('ADD');

/** What ADD (sub = 0) and SUB (sub = 1) do. */
export function addEffect(sub: bigint): StepEffect {
  return { ...ADD, op: ADD.op + 2n * sub };
}

/** ADD and SUB (`circuits/chips/add.circom`). */
export const add = defineChip({
  name: 'add',
  template: 'Add()',
  columns: { ...STEP_COLUMNS, sub: 1, a: POP, b: POP, cHi: LIMBS_128, cLo: LIMBS_128, carry: 2 },
  terms: (row) => [
    ...stepTerms(row, addEffect(row.sub)),
    ...popTerms(row, 1n, row.a),
    ...popTerms(row, 2n, row.b),
    pushTerm(row, 2n, [valueOfLimbs(row.cHi), valueOfLimbs(row.cLo)]),
    ...range128Terms(row.en, row.cHi),
    ...range128Terms(row.en, row.cLo),
  ],
});
