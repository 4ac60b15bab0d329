import { mod } from '../../bus/field.js';
import { type Term, term } from '../../bus/tuple.js';

/** Bytes of a 128-bit half; mirror of `circuits/lib/bytes.circom`. */
export const HALF_BYTES = 16;

/** The bytes of a 128-bit half, the topmost last. */
export function bytesOf(half: bigint): bigint[] {
  return Array.from({ length: HALF_BYTES }, (_, i) => (half >> BigInt(8 * i)) & 0xffn);
}

/** sum byte[i] * 256^i mod r, for any bytes. */
export function valueOfBytes(bytes: readonly bigint[]): bigint {
  return mod(bytes.reduceRight((sum, byte) => sum * 256n + byte, 0n));
}

/** The lookups of bytes: -en times BYTE of each. */
export function byteTerms(en: bigint, bytes: readonly bigint[]): Term[] {
  return bytes.map((x) => term(-en, 'BYTE', { x, move: 0n, dest: 0n }));
}

/** Places at which a half can be split, beside its lower end. */
export const SPLITS = HALF_BYTES - 1;

/** The choice of `count` lower bytes, 0 to 15: 1 at count - 1, all else 0. */
export function splitAt(count: number): bigint[] {
  return Array.from({ length: SPLITS }, (_, i) => (i === count - 1 ? 1n : 0n));
}

/** of(count), for a choice of {@link splitAt}; for any cells what the circuits compute, mod r. */
export function atSplit(at: readonly bigint[], of: (count: number) => bigint): bigint {
  return mod(at.reduce((sum, one, i) => sum + one * (of(i + 1) - of(0)), of(0)));
}

/** The value of the lower bytes of a half, as many as `at` says; with `rest` those that it leaves of 16. */
export function lowBytes(at: readonly bigint[], bytes: readonly bigint[], rest = false): bigint {
  return atSplit(at, (count) => valueOfBytes(bytes.slice(0, rest ? HALF_BYTES - count : count)));
}
