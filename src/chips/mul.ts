import { defineChip } from './chip.js';
import { LIMBS_128, range128Terms, rangeTerms, valueOfLimbs } from './lib/range.js';
import { binaryTerms, effectOf, POP, STEP_COLUMNS } from './lib/step.js';

/** Limbs of what is carried out of half a product. */
export const CARRY_LIMBS = 7;

/** What MUL does. */
export const MUL_EFFECT = effectOf('MUL');

/** MUL (`circuits/chips/mul.circom`). */
export const mul = defineChip({
  name: 'mul',
  template: 'Mul()',
  columns: {
    ...STEP_COLUMNS,
    a: POP,
    b: POP,
    aHi: LIMBS_128,
    aLo: LIMBS_128,
    bHi: LIMBS_128,
    bLo: LIMBS_128,
    cHi: LIMBS_128,
    cLo: LIMBS_128,
    carry0: CARRY_LIMBS,
    carry1: CARRY_LIMBS,
  },
  terms: (row) => [
    ...binaryTerms(row, MUL_EFFECT, [row.a, row.b], [valueOfLimbs(row.cHi), valueOfLimbs(row.cLo)]),
    ...range128Terms(row.en, row.cHi),
    ...range128Terms(row.en, row.cLo),
    ...rangeTerms(row.en, [...row.aHi, ...row.aLo, ...row.bHi, ...row.bLo, ...row.carry0, ...row.carry1]),
  ],
});
