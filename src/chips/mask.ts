import { bitwiseEffect } from './bitwise.js';
import { defineChip } from './chip.js';
import { rangeTerms, valueOfLimbs } from './lib/range.js';
import { POP, popTerms, pushTerm, STEP_COLUMNS, stepTerms } from './lib/step.js';

/** The mask of an address. */
export const ADDRESS_MASK = (1n << 160n) - 1n;

const MASK_HI = ADDRESS_MASK >> 128n;
const MASK_LO = (1n << 128n) - 1n;

/** AND with the mask of an address (`circuits/chips/mask.circom`). */
export const mask = defineChip({
  name: 'mask',
  template: 'Mask()',
  columns: { ...STEP_COLUMNS, second: 1, a: POP, gap: 3, kept: 3, cut: 8 },
  terms: (row) => {
    const { en, second, a, gap, kept, cut } = row;
    return [
      ...stepTerms(row, bitwiseEffect(0n, 0n)),
      ...popTerms(row, 2n - second, a),
      ...popTerms(row, 1n + second, [MASK_HI, MASK_LO, ...gap]),
      ...rangeTerms(en, [...kept, ...cut, 16n * kept[2]!]),
      pushTerm(row, 2n, [valueOfLimbs(kept), a[1]!]),
    ];
  },
});
