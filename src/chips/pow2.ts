import { term } from '../bus/tuple.js';
import { defineChip } from './chip.js';
import { binaryTerms, STEP_COLUMNS } from './lib/step.js';
import { shiftEffect } from './shift.js';

/** SHL of the word 1 (`circuits/chips/pow2.circom`). */
export const pow2 = defineChip({
  name: 'pow2',
  template: 'Pow2()',
  columns: { en: 1, upper: 1, exec: STEP_COLUMNS.exec, low: 1, pow: 1, gap: 3, oneGap: 3 },
  terms: (row) => {
    const { en, upper, low, pow, gap, oneGap } = row;
    return [
      ...binaryTerms(
        row,
        shiftEffect(0n, 0n),
        [
          [0n, low + 128n * upper, ...gap],
          [0n, 1n, ...oneGap],
        ],
        [upper * pow, pow - upper * pow],
      ),
      term(-en, 'POW2', { s: low, p: pow }),
    ];
  },
});
