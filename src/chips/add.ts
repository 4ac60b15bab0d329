import { defineChip } from './chip.js';
import { LIMBS_128, range128Terms, valueOfLimbs } from './lib/range.js';
import { binaryTerms, effectOf, POP, STEP_COLUMNS, type StepEffect } from './lib/step.js';

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
    ...binaryTerms(row, addEffect(row.sub), [row.a, row.b], [valueOfLimbs(row.cHi), valueOfLimbs(row.cLo)]),
    ...range128Terms(row.en, row.cHi),
    ...range128Terms(row.en, row.cLo),
  ],
});
