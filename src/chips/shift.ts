import { term } from '../bus/tuple.js';
import { defineChip, type RowOf } from './chip.js';
import { LIMBS_128, range128Terms, rangeTerms, valueOfLimbs } from './lib/range.js';
import { binaryTerms, effectOf, POP, STEP_COLUMNS, type StepEffect } from './lib/step.js';

const SHL = effectOf('SHL');

/** What SHL, SHR (right = 1) and SAR (right = arith = 1) do. */
export function shiftEffect(right: bigint, arith: bigint): StepEffect {
  return { ...SHL, op: SHL.op + right + arith };
}

const COLUMNS = {
  ...STEP_COLUMNS,
  right: 1,
  arith: 1,
  s: POP,
  x: POP,
  far: 1,
  upper: 1,
  down: 1,
  negative: 1,
  steep: 1,
  t: 1,
  pow: 1,
  magnitude: LIMBS_128,
  low: LIMBS_128,
  high: LIMBS_128,
  lowCarry: LIMBS_128,
  highCarry: LIMBS_128,
} as const;

const ONES = (1n << 128n) - 1n;

/** SHL, SHR, SAR (`circuits/chips/shift.circom`). */
export const shift = defineChip({
  name: 'shift',
  template: 'Shift()',
  columns: COLUMNS,
  terms: (row) => {
    const { en, right, arith, far, steep, t, pow, magnitude } = row;
    return [
      ...binaryTerms(row, shiftEffect(right, arith), [row.s, row.x], resultOf(row)),
      term(far - en, 'POW2', { s: t, p: pow }),
      ...rangeTerms(en, [119n - t - 2n * steep * (119n - t) - steep]),
      ...range128Terms(en, row.low),
      ...range128Terms(en, row.high),
      ...rangeTerms(en, [...row.lowCarry, ...row.highCarry, ...magnitude, 32n * magnitude[LIMBS_128 - 1]!]),
    ];
  },
});

function resultOf(row: RowOf<typeof COLUMNS>): [hi: bigint, lo: bigint] {
  const { upper, down, negative } = row;
  const [low, high, highCarry] = [valueOfLimbs(row.low), valueOfLimbs(row.high), valueOfLimbs(row.highCarry)];
  const hi = (1n - down) * ((1n - upper) * high + upper * low) + down * (1n - upper) * highCarry;
  const lo = (1n - upper) * ((1n - down) * low + down * high) + down * upper * highCarry;
  const turned = (half: bigint) => half + negative * (ONES - 2n * half);
  return [turned(hi), turned(lo)];
}
