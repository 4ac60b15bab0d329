import { defineChip } from './chip.js';
import { LIMBS_128, rangeTerms } from './lib/range.js';
import { effectOf, POP, popTerms, pushTerm, STEP_COLUMNS, type StepEffect, stepTerms } from './lib/step.js';

const LT = effectOf('LT');

/** The low bits of an opcode from LT to ISZERO. */
export interface Comparison {
  readonly gt: bigint;
  readonly sgn: bigint;
  readonly eq: bigint;
}

/** What a comparison does: two items become one, for ISZERO one becomes one. */
export function compareEffect({ gt, sgn, eq }: Comparison): StepEffect {
  return { ...LT, op: LT.op + gt + 2n * sgn + 4n * eq, dsp: LT.dsp + gt * eq };
}

/** LT, GT, SLT, SGT, EQ, ISZERO (`circuits/chips/compare.circom`). */
export const compare = defineChip({
  name: 'compare',
  template: 'Compare()',
  columns: {
    ...STEP_COLUMNS,
    gt: 1,
    sgn: 1,
    eq: 1,
    a: POP,
    b: POP,
    less: 1,
    equal: 1,
    same: 1,
    slack: LIMBS_128,
    aTop: 1,
    aHigh: LIMBS_128,
    bTop: 1,
    bHigh: LIMBS_128,
  },
  padding: { equal: 1n, same: 1n },
  terms: (row) => {
    const { en, gt, eq, less, equal } = row;
    const isZero = gt * eq;
    const order = gt === 1n ? 1n - less - equal : less;
    return [
      ...stepTerms(row, compareEffect(row)),
      ...popTerms(row, 1n, row.a),
      ...popTerms({ en: en * (1n - isZero), exec: row.exec }, 2n, row.b),
      pushTerm(row, 2n - isZero, [0n, eq === 1n ? equal : order]),
      ...rangeTerms(en, [...row.slack, ...row.aHigh, ...row.bHigh]),
    ];
  },
});
