import { R } from '../../src/bus/field.js';
import { littleEndianAll } from '../../src/bus/little-endian.js';
import { limbsOf } from './kernel.js';

/** A value that was found, and how it was written. */
export interface Found {
  readonly value: bigint;
  readonly encoding: string;
}

/** Numbers below this are anywhere by chance. */
export const LEAST = 1n << 128n;

/** The ways in which the engines and their files write numbers of the scalar field. Zeros at the upper end are left out: they may be cut off. */
export function encodingsOf(value: bigint): [encoding: string, bytes: Buffer][] {
  const little = (x: bigint) => trimmed(littleEndianAll([x]));
  const inMontgomery = (bits: bigint) => (value << bits) % R;
  const limbs = (x: bigint): Buffer => trimmed(Buffer.from(limbsOf(x)));
  return [
    ['little-endian', little(value)],
    ['big-endian', Buffer.from(little(value)).reverse()],
    ['Montgomery by 2^256', little(inMontgomery(256n))],
    ['Montgomery by 2^261', little(inMontgomery(261n))],
    ['limbs', limbs(inMontgomery(261n))],
    ['limbs, above r', limbs(inMontgomery(261n) + R)],
    ['decimal', Buffer.from(value.toString())],
    ['hexadecimal', Buffer.from(value.toString(16))],
  ];
}

function trimmed(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (bytes[end - 1] === 0) end--;
  return bytes.subarray(0, end);
}

/** Looks for any of many values, of at least {@link LEAST}, in any of the {@link encodingsOf} them, at any place of some bytes. */
export class ValueSearch {
  /** Which values of {@link slotOf} any pattern begins with: what most places fail at. */
  readonly #slots = new Uint8Array(1 << 24);
  /** By their first eight bytes. */
  readonly #patterns = new Map<string, { readonly bytes: Buffer; readonly found: Found }[]>();

  constructor(values: Iterable<bigint>) {
    for (const value of values) {
      if (value < LEAST) throw new Error(`${value} is too small to be looked for.`);
      for (const [encoding, bytes] of encodingsOf(value)) {
        this.#slots[slotOf(bytes.readUInt32LE())] = 1;
        const start = bytes.toString('latin1', 0, 8);
        const same = this.#patterns.get(start) ?? [];
        same.push({ bytes, found: { value, encoding } });
        this.#patterns.set(start, same);
      }
    }
  }

  /** What stands in the bytes, each value and encoding once. */
  in(bytes: Buffer): Found[] {
    const all = new Set<Found>();
    let word = 0;
    for (let end = 1; end <= bytes.length; end++) {
      word = (word >>> 8) | (bytes[end - 1]! << 24);
      if (end < 4 || this.#slots[slotOf(word)] === 0) continue;
      const at = end - 4;
      for (const { bytes: pattern, found } of this.#patterns.get(bytes.toString('latin1', at, at + 8)) ?? []) {
        if (bytes.compare(pattern, 0, pattern.length, at, at + pattern.length) === 0) all.add(found);
      }
    }
    return [...all];
  }
}

function slotOf(word: number): number {
  return Math.imul(word, 0x9e3779b1) >>> 8;
}
