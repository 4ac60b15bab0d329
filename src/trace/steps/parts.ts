import { toLimbs } from '../../bus/field.js';
import { LIMBS_128, limbs128, limbsOf } from '../../chips/lib/range.js';

const LOW_BITS = 72n;
const LOW_MASK = (1n << LOW_BITS) - 1n;

/** A 256-bit word x0 + 2^72 x1 + 2^128 x2 + 2^200 x3, as products in circuits take it (`circuits/chips/mul.circom`). */
export type Parts = readonly [x0: bigint, x1: bigint, x2: bigint, x3: bigint];

/** The parts of a word: 72, 56, 72 and 56 bits. */
export function partsOf(word: bigint): Parts {
  const [hi, lo] = toLimbs(word);
  return [lo & LOW_MASK, lo >> LOW_BITS, hi & LOW_MASK, hi >> LOW_BITS];
}

/** x * y below 2^256 as the circuits add it up, not carried: the products of weight 1 and 2^72, and those of 2^128 and more. */
export function productOf(x: Parts, y: Parts): readonly [low: bigint, high: bigint] {
  const [x0, x1, x2, x3] = x;
  const [y0, y1, y2, y3] = y;
  const low = x0 * y0 + ((x0 * y1 + x1 * y0) << LOW_BITS);
  const high = ((x1 * y1) << 16n) + x0 * y2 + x2 * y0 + ((x0 * y3 + x1 * y2 + x2 * y1 + x3 * y0) << LOW_BITS);
  return [low, high];
}

/** The limbs of a word's two halves. */
export function halvesOf(word: bigint): readonly [hi: bigint[], lo: bigint[]] {
  const [hi, lo] = toLimbs(word);
  return [limbs128(hi), limbs128(lo)];
}

/** Eleven limbs of a number below 2^132: a half times a small power of two. */
export function wideLimbs(value: bigint): bigint[] {
  return limbsOf(value, LIMBS_128);
}
