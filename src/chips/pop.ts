import { defineChip } from './chip.js';
import { effectOf, POP, popTerms, STEP_COLUMNS, stepTerms } from './lib/step.js';

/** What POP does. */
export const POP_EFFECT = effectOf('POP');

/** POP (`circuits/chips/pop.circom`). */
export const pop = defineChip({
  name: 'pop',
  template: 'PopChip()',
  columns: { ...STEP_COLUMNS, a: POP },
  terms: (row) => [...stepTerms(row, POP_EFFECT), ...popTerms(row, 1n, row.a)],
});
