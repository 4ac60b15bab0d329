import { mod } from '../../bus/field.js';
import { type Term, term } from '../../bus/tuple.js';
import { ChipError } from '../../errors/chip.js';

/** Bits of one looked-up limb; mirror of `circuits/lib/range.circom`. */
const LIMB_BITS = 12;

/** Limbs of a 128-bit value. */
export const LIMBS_128 = 11;

/**
 * `count` little-endian 12-bit limbs of `value`.
 * Throws {@link ChipError} `CHIP_VALUE_OUT_OF_RANGE` unless 0 <= value < 2^(12 count).
 */
export function limbsOf(value: bigint, count: number): bigint[] {
  checkWidth(value, LIMB_BITS * count);
  const limbs = new Array<bigint>(count);
  let rest = value;
  for (let i = 0; i < count; i++) {
    limbs[i] = rest & 0xfffn;
    rest >>= 12n;
  }
  return limbs;
}

/** The eleven limbs of a 128-bit value. Throws {@link ChipError} `CHIP_VALUE_OUT_OF_RANGE` for a wider one. */
export function limbs128(value: bigint): bigint[] {
  checkWidth(value, 128);
  return limbsOf(value, LIMBS_128);
}

/** sum limb[j] * 4096^j mod r, for any limbs, in range or not: what the circuits compute. */
export function valueOfLimbs(limbs: readonly bigint[]): bigint {
  return mod(limbs.reduceRight((sum, limb) => sum * 4096n + limb, 0n));
}

/** The lookups of `Range(n)`: -en times RANGE12 of every limb. */
export function rangeTerms(en: bigint, limbs: readonly bigint[]): Term[] {
  return limbs.map((x) => (en === 1n && x >= 0n && x < 4096n ? LOOKED[Number(x)]! : term(-en, 'RANGE12', { x })));
}

/** The look-up of every limb by a row that is used: most of all terms are one of these. */
const LOOKED = Array.from({ length: 4096 }, (_, x) => term(-1n, 'RANGE12', { x: BigInt(x) }));

/** The lookups of `Range128()`: every limb, and 16 times the top one. */
export function range128Terms(en: bigint, limbs: readonly bigint[]): Term[] {
  return rangeTerms(en, [...limbs, 16n * limbs[LIMBS_128 - 1]!]);
}

function checkWidth(value: bigint, bits: number): void {
  if (value >= 0n && value >> BigInt(bits) === 0n) return;
  throw new ChipError('CHIP_VALUE_OUT_OF_RANGE', `${value} does not fit ${bits} bits.`, {
    hint: 'The row must not be built: its statement is false.',
  });
}
