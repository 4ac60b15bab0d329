/** The scalar field of BN254, in which every bus value lives. */
export const R = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

/** x mod r, in [0, r). */
export function mod(x: bigint): bigint {
  const y = x % R;
  return y < 0n ? y + R : y;
}

/** Inverse mod r by the extended Euclidean algorithm. Throws RangeError for 0. */
export function inverse(a: bigint): bigint {
  let [x, y, u, v] = [mod(a), R, 1n, 0n];
  if (x === 0n) throw new RangeError('0 has no inverse mod r');
  while (x !== 0n) {
    const q = y / x;
    [x, y, u, v] = [y - q * x, x, v - q * u, u];
  }
  return mod(v);
}

const MASK128 = (1n << 128n) - 1n;

/** A 256-bit word as its two 128-bit limbs (hi, lo). */
export function toLimbs(word: bigint): [hi: bigint, lo: bigint] {
  return [word >> 128n, word & MASK128];
}

/** The 256-bit word of two limbs. */
export function fromLimbs(hi: bigint, lo: bigint): bigint {
  return (hi << 128n) + lo;
}
