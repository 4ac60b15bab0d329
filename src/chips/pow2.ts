import { term } from '../bus/tuple.js';
import { defineChip } from './chip.js';
import { popTerms, pushTerm, STEP_COLUMNS, stepTerms } from './lib/step.js';
import { shiftEffect } from './shift.js';

/** SHL of the word 1 (`circuits/chips/pow2.circom`). */
export const pow2 = defineChip({
  name: 'pow2',
  template: 'Pow2()',
  columns: { en: 1, upper: 1, exec: STEP_COLUMNS.exec, low: 1, pow: 1, gap: 3, oneGap: 3 },
  terms: (row) => {
    const { en, upper, low, pow, gap, oneGap } = row;
    return [
      ...stepTerms(row, shiftEffect(0n, 0n)),
      ...popTerms(row, 1n, [0n, low + 128n * upper, ...gap]),
      ...popTerms(row, 2n, [0n, 1n, ...oneGap]),
      term(-en, 'POW2', { s: low, p: pow }),
      pushTerm(row, 2n, [upper * pow, pow - upper * pow]),
    ];
  },
});
