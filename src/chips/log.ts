import { inverse, mod } from '../bus/field.js';
import { PRICES } from '../evm/gas.js';
import { defineChip } from './chip.js';
import { EXPAND, expandTerms, grownBy, growthOf } from './lib/expand.js';
import { limbsOf, rangeTerms, valueOfLimbs } from './lib/range.js';
import { effectOf, POP, popTerms, STEP_COLUMNS, type StepEffect, stepTerms } from './lib/step.js';

/** Most topics of a log. */
const TOPICS = 4;

const LOG0 = effectOf('LOG0');

/** What LOGn does, beside the expansion of memory, for a length in bytes. */
export function logEffect(n: bigint, length: bigint): StepEffect {
  const cost = LOG0.cost + BigInt(PRICES.logTopic) * n + BigInt(PRICES.logByte) * length;
  return { ...LOG0, op: LOG0.op + n, dsp: LOG0.dsp - n, cost };
}

/** 12-bit limbs of the length that have columns; the fourth one is what is left of it. */
const LOWER = 3;
const UPPER = 1n << 36n;

/** The lower limbs of a length below 2^48. */
export function lowerLimbs(length: bigint): bigint[] {
  return limbsOf(length, LOWER + 1).slice(0, LOWER);
}

/** What is above the lower limbs, whatever they are. */
function upperLimb(length: bigint, lower: readonly bigint[]): bigint {
  return mod((length - valueOfLimbs(lower)) * inverse(UPPER));
}

/** LOG0 to LOG4 (`circuits/chips/log.circom`). */
export const log = defineChip({
  name: 'log',
  template: 'Log()',
  columns: {
    ...STEP_COLUMNS,
    has: TOPICS,
    offset: POP,
    length: POP - 1,
    lower: LOWER,
    topic: TOPICS * POP,
    expand: EXPAND,
  },
  terms: (row) => {
    const { en, has, offset, length, lower, topic, expand } = row;
    const n = has.reduce((sum, one) => sum + one, 0n);
    const growth = growthOf(row, offset[1]!, length[0]!, expand);
    return [
      ...stepTerms(row, { ...logEffect(n, length[0]!), more: grownBy(growth) }),
      ...popTerms(row, 1n, offset),
      ...popTerms(row, 2n, [0n, ...length]),
      ...has.flatMap((en, i) => popTerms({ ...row, en }, BigInt(3 + i), topic.slice(POP * i, POP * (i + 1)))),
      ...expandTerms(row, offset[1]!, length[0]!, expand),
      ...rangeTerms(en, [...lower, upperLimb(length[0]!, lower)]),
    ];
  },
});
