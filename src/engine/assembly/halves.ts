/**
 * Scalars as two of half the length (Gallant, Lambert, Vanstone, CRYPTO 2001). With w a cube root of 1 in the base field, (x, y) -> (w x, y)
 * maps the curve to itself, and multiplies points of order r by a cube root of 1 modulo r. `rotate` (coordinate.ts) takes the w for which
 * that is lambda, below: k P = k1 P + k2 (w x, y) for k = k1 + k2 lambda. Windows are half as many, and so buckets are weighed half as often.
 *
 * With the A and B below, r = A^2 + A B + B^2 and lambda = A / B modulo r. So (A, -B) and (A + B, A) are pairs (k1, k2) that stand for 0, and
 * a basis of all such pairs. The one near (k, 0) is taken from it: A k / r and B k / r times these two, rounded to c1 and c2, which leaves
 *
 *   k1 = k - (c1 + c2) A - c2 B,  k2 = c1 B - c2 A
 *
 * of at most A + B / 2 and (A + B) / 2, and 2^-28 of these as c1 and c2 are rounded with an error below 2^-29: below 2^126.
 *
 * For that, the shares 2^256 A / r and 2^256 B / r are needed to 32 bits behind the point: k is up to 2^254, so whole ones alone would let c1
 * and c2 err by an eighth.
 */
const A: u64 = 0x89d3256894d213e3;
const B0: u64 = 0x8211bbeb7d4f1128;
const B1: u64 = 0x6f4d8248eeb859fc;
/** 2^256 A / r, less 2^65, and 32 bits behind the point. */
const A_SHARE: u64 = 0xd91d232ec7e0b3d7;
const A_REST: u64 = 0x6eb9c714;
/** 2^256 B / r, less 2^129, and 32 bits behind the point. */
const B_REST: u64 = 0xa5e38cfb;
const B_SHARE0: u64 = 0x7a7bd9d4391eb18d;
const B_SHARE1: u64 = 0x4ccef014a773d2cf;

/** The upper word of a product. */
function high(a: u64, b: u64): u64 {
  const a0 = a & 0xffffffff;
  const a1 = a >> 32;
  const b0 = b & 0xffffffff;
  const b1 = b >> 32;
  const m = a1 * b0 + ((a0 * b0) >> 32);
  const n = a0 * b1 + (m & 0xffffffff);
  return a1 * b1 + (m >> 32) + (n >> 32);
}

/** Writes the size of a number of 127 bits and sign, as 16 bytes; 1 if it is negative. */
function storeSize(to: usize, low: u64, top: u64): u32 {
  const negative = top >> 63 !== 0;
  store<u64>(to, negative ? 0 - low : low);
  store<u64>(to, negative ? ~top + u64(low === 0) : top, 8);
  return u32(negative);
}

/**
 * Writes the sizes of k1 and k2, 16 bytes each, for a scalar below r; 1 if k1 is negative, plus 2 if k2 is. Where k is below 2^125, k1 is k and
 * k2 is 0. `to` may be `scalar`.
 */
export function halve(to: usize, scalar: usize): u32 {
  const w0 = load<u64>(scalar);
  const w1 = load<u64>(scalar, 8);
  const w2 = load<u64>(scalar, 16);
  const w3 = load<u64>(scalar, 24);
  // k / 2^127 is in both shares. Of fractions 32 bits are summed: six terms, the shares' own ends and k's lower words err by less than 2^-29.
  const top = w3 >> 32;
  const half0 = (w1 >> 63) | (w2 << 1);
  const half1 = (w2 >> 63) | (w3 << 1);

  const fraction1 =
    (high(w2, A_SHARE) >> 32) + ((w3 * A_SHARE) >> 32) + ((top * A_REST) >> 32) + (half0 >> 32) + 0x80000000;
  const c1 = (fraction1 >> 32) + high(w3, A_SHARE) + half1;

  const low = w3 * B_SHARE1;
  const fraction2 =
    (high(w1, B_SHARE1) >> 32) +
    (high(w2, B_SHARE0) >> 32) +
    ((w3 * B_SHARE0) >> 32) +
    ((w2 * B_SHARE1) >> 32) +
    ((top * B_REST) >> 32) +
    (((w0 >> 63) | (w1 << 1)) >> 32) +
    0x80000000;
  // Without a carry: w3 and B_SHARE1 are below 2^62 and 2^63.
  let c20 = (fraction2 >> 32) + high(w3, B_SHARE0) + high(w2, B_SHARE1);
  let c21 = high(w3, B_SHARE1) + half1;
  c20 += low;
  c21 += u64(c20 < low);
  c20 += half0;
  c21 += u64(c20 < half0);

  const s0 = c1 + c20;
  const s1 = c21 + u64(s0 < c1);
  const a = s0 * A;
  const b = c20 * B0;
  const rest = w0 - a;
  const k10 = rest - b;
  const k11 = w1 - (high(s0, A) + s1 * A) - (high(c20, B0) + c20 * B1 + c21 * B0) - u64(w0 < a) - u64(rest < b);

  const plus = c1 * B0;
  const minus = c20 * A;
  const k21 = high(c1, B0) + c1 * B1 - (high(c20, A) + c21 * A) - u64(plus < minus);
  return storeSize(to, k10, k11) | (storeSize(to + 16, plus - minus, k21) << 1);
}

/** `halve`, for tests. */
export function fr_halve(to: usize, scalar: usize): u32 {
  return halve(to, scalar);
}
