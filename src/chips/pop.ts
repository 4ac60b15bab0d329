import { defineChip } from './chip.js';
import { effectOf, NO_POP, NO_STEP, POP, popTerms, STEP_COLUMNS, stepTerms } from './lib/step.js';

/** What POP does. */
export const POP_EFFECT = effectOf('POP');

/** POP (`circuits/chips/pop.circom`). */
export const pop = defineChip({
  name: 'pop',
  file: 'pop',
  template: 'PopChip()',
  outputs: 7,
  columns: { ...STEP_COLUMNS, a: POP },
  padding: { ...NO_STEP, a: NO_POP },
  terms: (row) => [...stepTerms(row, POP_EFFECT), ...popTerms(row, 1n, row.a)],
});
