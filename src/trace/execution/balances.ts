import { toLimbs } from '../../bus/field.js';
import { limbs128 } from '../../chips/lib/range.js';
import { TraceError } from '../../errors/trace.js';

/** What moves, wei: units * price + value. */
export interface Amount {
  readonly units: bigint;
  readonly price: bigint;
  readonly value: bigint;
}

/** A new balance in limbs, and what goes between its halves (a carry or a borrow, never negative). */
export interface Moved {
  readonly hi: readonly bigint[];
  readonly lo: readonly bigint[];
  readonly carry: bigint;
}

const MASK128 = (1n << 128n) - 1n;

/** The amount in wei. */
export function totalOf({ units, price, value }: Amount): bigint {
  return units * price + value;
}

/** balance + amount, half by half. @throws TraceError `TRACE_OVERFLOW` above 256 bits (a supply above 2^256: no row exists) */
export function credited(balance: bigint, amount: Amount): Moved {
  const [hi, lo] = toLimbs(balance);
  const [moreHi, moreLo] = halvesOf(amount);
  const carry = (lo + moreLo) >> 128n;
  const newHi = hi + moreHi + carry;
  if (newHi > MASK128) {
    throw new TraceError('TRACE_OVERFLOW', 'A transaction brings a balance above 2^256 - 1.', {
      hint: 'The pre-state holds more than 2^256 wei, which no rollup of this version can reach.',
    });
  }
  return { hi: limbs128(newHi), lo: limbs128((lo + moreLo) & MASK128), carry };
}

/** balance - amount, half by half. @throws ChipError `CHIP_VALUE_OUT_OF_RANGE` when the balance is below the amount */
export function debited(balance: bigint, amount: Amount): Moved {
  const [hi, lo] = toLimbs(balance);
  const [lessHi, lessLo] = halvesOf(amount);
  // The shift floors: a deficit of the low half is a negative number of 2^128.
  const carry = -((lo - lessLo) >> 128n);
  return { hi: limbs128(hi - lessHi - carry), lo: limbs128((lo - lessLo) & MASK128), carry };
}

/** The amount as hi * 2^128 + lo, neither of them reduced: what the rows multiply out. */
function halvesOf({ units, price, value }: Amount): [hi: bigint, lo: bigint] {
  const [priceHi, priceLo] = toLimbs(price);
  const [valueHi, valueLo] = toLimbs(value);
  return [units * priceHi + valueHi, units * priceLo + valueLo];
}
