/** What a sum of multiples does with its scalars before it adds anything. */

import { isInfinity, pointBytes } from './curve';
import { Fr } from './generated/fr';

const WORD: usize = 32;
const EMPTY: u32 = 0xffff_ffff;

/** The smaller of v and r - v goes to `to`; true when that is r - v. For v below r. */
function absolute(to: usize, v: usize): bool {
  const r = changetype<Fr>(0).modulus;
  let borrow: i64 = 0;
  for (let k: usize = 0; k < WORD; k += 4) {
    borrow += <i64>load<u32>(r + k) - <i64>load<u32>(v + k);
    store<u32>(to + k, <u32>borrow);
    borrow >>= 32;
  }
  for (let k: usize = WORD; k > 0; k -= 8) {
    const a = load<u64>(v + k - 8);
    const b = load<u64>(to + k - 8);
    if (a !== b) {
      if (a > b) return true;
      break;
    }
  }
  copyWord(to, v);
  return false;
}

function copyWord(to: usize, from: usize): void {
  for (let k: usize = 0; k < WORD; k += 8) store<u64>(to + k, load<u64>(from + k));
}

function isZeroWord(v: usize): bool {
  return (load<u64>(v) | load<u64>(v, 8) | load<u64>(v, 16) | load<u64>(v, 24)) === 0;
}

function sameWord(a: usize, b: usize): bool {
  return (
    load<u64>(a) === load<u64>(b) &&
    load<u64>(a, 8) === load<u64>(b, 8) &&
    load<u64>(a, 16) === load<u64>(b, 16) &&
    load<u64>(a, 24) === load<u64>(b, 24)
  );
}

function hash(v: usize): u32 {
  let h = load<u64>(v) * 0x9e3779b97f4a7c15;
  h = (h ^ (h >> 32) ^ load<u64>(v, 8)) * 0xc2b2ae3d27d4eb4f;
  h = (h ^ (h >> 29) ^ load<u64>(v, 16) ^ load<u64>(v, 24)) * 0x165667b19e3779f9;
  return <u32>(h >> 32);
}

/** A power of two that is at least twice n: entries of the hash table. */
export function tableSize(n: u32): u32 {
  return 2 << (32 - clz<u32>(n | 1));
}

/** How many terms and groups there are. */
export let terms: u32 = 0;
export let groups: u32 = 0;

/**
 * Groups what is to be summed by scalars: of v and r - v the smaller, so that v and -v are in one group and no scalar has more than 253
 * bits. Zero scalars and bases at infinity are left out. Writes a term (`additions.ts`) and its group's number per summand that is left, and
 * the groups' distinct scalars; sets {@link terms} and {@link groups}.
 * @param table {@link tableSize} numbers of scratch
 */
export function group<C>(
  bases: usize,
  scalars: usize,
  n: u32,
  list: usize,
  groupOf: usize,
  distinct: usize,
  table: usize,
): void {
  const mask = tableSize(n) - 1;
  memory.fill(table, 0xff, 4 * (<usize>mask + 1));
  terms = 0;
  groups = 0;
  for (let i: u32 = 0; i < n; i++, bases += pointBytes<C>(), scalars += WORD) {
    if (isZeroWord(scalars) || isInfinity<C>(bases)) continue;
    const scalar = distinct + WORD * <usize>groups;
    const negative = absolute(scalar, scalars);
    let slot = hash(scalar) & mask;
    let found = load<u32>(table + 4 * <usize>slot);
    while (found !== EMPTY && !sameWord(distinct + WORD * <usize>found, scalar)) {
      slot = (slot + 1) & mask;
      found = load<u32>(table + 4 * <usize>slot);
    }
    if (found === EMPTY) {
      found = groups++;
      store<u32>(table + 4 * <usize>slot, found);
    }
    store<u32>(list + 4 * <usize>terms, <u32>bases | <u32>negative);
    store<u32>(groupOf + 4 * <usize>terms, found);
    terms++;
  }
}

/** Bits of the largest of n halves of scalars, of 16 bytes. */
export function bitsOf(halves: usize, n: u32): u32 {
  let low: u64 = 0;
  let high: u64 = 0;
  for (let i: usize = 0; i < n; i++) {
    low |= load<u64>(halves + 16 * i);
    high |= load<u64>(halves + 16 * i, 8);
  }
  return high !== 0 ? 128 - <u32>clz(high) : 64 - <u32>clz(low);
}

/** `width` bits of a scalar of 32 bytes from a bit on, or of half a one, if these bits are its own. */
export function digitOf(scalar: usize, bit: u32, width: u32): u32 {
  const word = bit >> 5;
  if (word > 7) return 0;
  const at = scalar + 4 * <usize>word;
  const bits: u64 = word === 7 ? load<u32>(at) : load<u64>(at);
  return <u32>(bits >> (bit & 31)) & ((1 << width) - 1);
}
