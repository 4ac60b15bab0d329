import { term } from '../bus/tuple.js';
import { defineChip, type RowOf } from './chip.js';
import { LIMBS_128, rangeTerms, valueOfLimbs } from './lib/range.js';
import { binaryTerms, effectOf, POP, STEP_COLUMNS, type StepEffect } from './lib/step.js';

const BYTE = effectOf('BYTE');
const SIGNEXTEND = effectOf('SIGNEXTEND');

/** What BYTE (extend = 0) and SIGNEXTEND (extend = 1) do. */
export function byteEffect(extend: bigint): StepEffect {
  return {
    ...BYTE,
    op: BYTE.op + (SIGNEXTEND.op - BYTE.op) * extend,
    cost: BYTE.cost + (SIGNEXTEND.cost - BYTE.cost) * extend,
  };
}

/** Limbs of the bytes above one in its half: at most 15 bytes. */
export const ABOVE_LIMBS = 10;

const COLUMNS = {
  ...STEP_COLUMNS,
  extend: 1,
  i: POP,
  x: POP,
  upper: 1,
  sign: 1,
  far: 1,
  at: 1,
  rest: 1,
  above: ABOVE_LIMBS,
  below: LIMBS_128,
  room: LIMBS_128,
} as const;

const ONES = (1n << 128n) - 1n;

/** BYTE, SIGNEXTEND (`circuits/chips/byte.circom`). */
export const byte = defineChip({
  name: 'byte',
  template: 'Byte()',
  columns: COLUMNS,
  terms: (row) => {
    const { en, extend, far, at, rest } = row;
    return [
      ...binaryTerms(row, byteEffect(extend), [row.i, row.x], resultOf(row)),
      term(far - en, 'POW2', { s: 8n * at, p: powOf(row) }),
      ...rangeTerms(en, [...row.above, ...row.below, ...row.room, rest, 32n * rest]),
    ];
  },
});

type Row = RowOf<typeof COLUMNS>;

/** 2^(8 at), by what is below the byte and what that leaves. */
function powOf({ below, room }: Row): bigint {
  return 1n + valueOfLimbs(below) + valueOfLimbs(room);
}

function resultOf(row: Row): [hi: bigint, lo: bigint] {
  const { extend, upper, sign, rest, x, above } = row;
  const value = 128n * sign + rest;
  const pow = powOf(row);
  const half = upper * (x[0]! - x[1]!) + x[1]!;
  const extended = half - 256n * valueOfLimbs(above) * pow + sign * (ONES + 1n - 256n * pow);
  const hi = upper * (extended - ONES * sign) + ONES * sign;
  const lo = upper * (x[1]! - extended) + extended;
  return [extend * hi, extend * (lo - value) + value];
}
