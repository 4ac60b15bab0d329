import { defineChip } from './chip.js';
import { LIMBS_128, rangeTerms } from './lib/range.js';
import {
  effectOf,
  NO_POP,
  NO_STEP,
  POP,
  popTerms,
  pushTerm,
  STEP_COLUMNS,
  type StepEffect,
  stepTerms,
} from './lib/step.js';

const HALF = Array<bigint>(LIMBS_128).fill(0n);

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
  file: 'compare',
  template: 'Compare()',
  outputs: 45,
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
  padding: {
    ...NO_STEP,
    gt: 0n,
    sgn: 0n,
    eq: 0n,
    a: NO_POP,
    b: NO_POP,
    less: 0n,
    equal: 1n,
    same: 1n,
    slack: HALF,
    aTop: 0n,
    aHigh: HALF,
    bTop: 0n,
    bHigh: HALF,
  },
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
