import { defineChip } from './chip.js';
import { effectOf, POP, STEP_COLUMNS, unaryTerms } from './lib/step.js';

const ONES = (1n << 128n) - 1n;

/** What NOT does. */
export const NOT_EFFECT = effectOf('NOT');

/** NOT (`circuits/chips/not.circom`). */
export const not = defineChip({
  name: 'not',
  template: 'Not()',
  columns: { ...STEP_COLUMNS, a: POP },
  terms: (row) => unaryTerms(row, NOT_EFFECT, [ONES - row.a[0]!, ONES - row.a[1]!]),
});
