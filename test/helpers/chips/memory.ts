import { mod } from '../../../src/bus/field.js';
import { limbsOf } from '../../../src/chips/lib/range.js';
import type { Edit } from '../execution-forger.js';
import { MemoryWorld } from './memory-world.js';

/** Name, barrier (`constraint`, or the kinds of tuples that stay open), the world at its end. */
export type MemoryForgery = readonly [name: string, barrier: string, make: () => MemoryWorld];

export const KECCAK256 = 0x20;
export const MLOAD = 0x51;
export const MSTORE = 0x52;
export const MSTORE8 = 0x53;
export const LOG0 = 0xa0;
export const RETURN = 0xf3;

/** Words with bytes that all differ. */
export const A = 0x0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20n;
export const B = 0xa1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0n;
export const C = 0xd1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeefe1n;

/** A frame with A, B, C in its first words. */
export function abc(): MemoryWorld {
  return new MemoryWorld().do(MSTORE, [0n, A]).do(MSTORE, [32n, B]).do(MSTORE, [64n, C]);
}

/** Replaces columns; elements of lists by number. */
export const sets =
  (values: Readonly<Record<string, bigint | readonly bigint[] | Readonly<Record<number, bigint>>>>): Edit =>
  (row) => {
    for (const [name, value] of Object.entries(values)) {
      if (typeof value === 'bigint') row.set(name, mod(value));
      else if (Array.isArray(value)) row.set(name, value.map(mod));
      else row.put(name, Object.fromEntries(Object.entries(value).map(([i, x]) => [i, mod(x)])));
    }
  };

/** Edits in order. */
export const all =
  (...edits: Edit[]): Edit =>
  (row) => {
    for (const edit of edits) edit(row);
  };

/** Three limbs of an age; a negative one in the lowest limb. */
export function age(value: bigint): bigint[] {
  return value < 0n ? [mod(value), 0n, 0n] : limbsOf(value, 3);
}

/** Moves limbs `from` and after of a column by an amount, as an age. */
export const ages =
  (column: string, from: number, by: bigint): Edit =>
  (row) => {
    const cells = row.columns[column] as readonly bigint[];
    const old = cells[from]! + (cells[from + 1]! << 12n) + (cells[from + 2]! << 24n);
    const [x, y, z] = age(old + by) as [bigint, bigint, bigint];
    row.put(column, { [from]: x, [from + 1]: y, [from + 2]: z });
  };
