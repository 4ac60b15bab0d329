import { inverse, mod, toLimbs } from '../../../src/bus/field.js';
import { bytesOf } from '../../../src/chips/lib/bytes.js';
import {
  A,
  abc,
  ages,
  all,
  B,
  C,
  type MemoryForgery,
  MLOAD,
  MSTORE,
  MSTORE8,
  sets,
} from '../../helpers/chips/memory.js';
import type { Edit } from '../../helpers/execution-forger.js';

/** Swaps two elements of a column. */
const swaps =
  (column: string, i: number, j: number): Edit =>
  (row) => {
    const cells = row.columns[column] as readonly bigint[];
    row.put(column, { [i]: cells[j]!, [j]: cells[i]! });
  };

/** Moves 256 from one byte to the one below it. */
const carries =
  (column: string, i: number): Edit =>
  (row) => {
    const cells = row.columns[column] as readonly bigint[];
    row.put(column, { [i]: cells[i]! + 256n, [i + 1]: cells[i + 1]! - 1n });
  };

/** The shift of `count` bytes, 1 to 15. */
const shiftOf = (count: number): bigint[] => Array.from({ length: 15 }, (_, i) => (i === count - 1 ? 1n : 0n));

/** MLOAD and MSTORE over the border of two words: 5 bytes of the first one stay. */
export const UNALIGNED: readonly MemoryForgery[] = [
  [
    'MLOAD: bytes swapped',
    'constraint',
    () =>
      abc()
        .do(MLOAD, [5n], swaps('v0', 3, 9))
        .finish(),
  ],
  [
    'MLOAD: a byte of the word before comes too',
    'constraint',
    () =>
      abc()
        .do(MLOAD, [5n], sets({ v0: { 15: 0x05n } }))
        .finish(),
  ],
  [
    'MLOAD: bytes swapped in memory too',
    'MEM',
    () =>
      abc()
        .do(MLOAD, [5n], all(swaps('v0', 8, 9), swaps('first', 3, 4)))
        .finish(),
  ],
  [
    'MSTORE: bytes of the item swapped',
    'STACK',
    () =>
      abc()
        .do(MSTORE, [5n, C], swaps('v0', 3, 9))
        .finish(),
  ],
  [
    'MSTORE: a byte before the item changes',
    'MEM',
    () =>
      abc()
        .do(MSTORE, [5n, C], sets({ first: { 15: 9n } }))
        .finish(),
  ],
  [
    'MSTORE: a byte behind the item changes',
    'MEM',
    () =>
      abc()
        .do(MSTORE, [5n, C], sets({ last: { 0: 9n } }))
        .finish(),
  ],
  [
    'MSTORE: the half between was another',
    'MEM',
    () =>
      abc()
        .do(MSTORE, [5n, C], sets({ middle: 9n }))
        .finish(),
  ],
  [
    'MSTORE: the half that is not touched changes',
    'MEM',
    () =>
      abc()
        .do(MSTORE, [5n, C], sets({ other: 9n }))
        .finish(),
  ],
  ['a byte of 256 and more in the item', 'BYTE', () => abc().do(MSTORE, [5n, C], carries('v0', 3)).finish()],
  ['a byte of 256 and more in memory', 'BYTE', () => abc().do(MSTORE, [5n, C], carries('first', 3)).finish()],
  [
    'MSTORE a byte further on',
    'MEM',
    () =>
      abc()
        .do(MSTORE, [5n, C], sets({ shift: shiftOf(6) }))
        .finish(),
  ],
  [
    'MLOAD half a word further on',
    'MEM',
    () =>
      abc()
        .do(MLOAD, [5n], sets({ second: 1n }))
        .finish(),
  ],
  [
    'MSTORE half a word further on, in other words',
    'MEM',
    () =>
      abc()
        .do(MSTORE, [5n, C], sets({ second: 1n }))
        .finish(),
  ],
  [
    'two shifts at once',
    'constraint MEM',
    () =>
      abc()
        .do(MSTORE, [5n, C], sets({ shift: { 0: 1n } }))
        .finish(),
  ],
  [
    'half a shift',
    'constraint MEM',
    () =>
      abc()
        .do(MSTORE, [5n, C], sets({ shift: { 4: 2n } }))
        .finish(),
  ],
  [
    'an aligned offset, so that the next word has to exist',
    'constraint',
    () =>
      abc()
        .do(MSTORE, [0n, C], all(sets({ second: 0n, offset: { 0: 0n }, ...placed() })), { args: [16n, C] })
        .finish(),
  ],
  [
    'the second word does not exist',
    'MEM',
    () =>
      abc()
        .do(MLOAD, [65n], sets({ grow: 0n, cost: 0n }))
        .finish(),
  ],
  [
    'the second word is stale',
    'MEM',
    () =>
      abc()
        .do(MSTORE, [32n, C])
        .do(MSTORE, [5n, A], ages('ages', 3, 4n))
        .finish(),
  ],
  [
    'MLOAD passes as MSTORE',
    'CODE STACK',
    () =>
      abc()
        .do(MLOAD, [5n], sets({ store: 1n }))
        .finish(),
  ],
];

/** MSTORE8 of the byte 0xe1 to place 5. */
export const MSTORES8: readonly MemoryForgery[] = [
  ['another byte', 'RANGE12', () => abc().do(MSTORE8, [5n, C], stores(0xe2n)).finish()],
  [
    'another byte of the item',
    'STACK',
    () =>
      abc()
        .do(MSTORE8, [5n, C], sets({ new: 0xefn }))
        .finish(),
  ],
  [
    'a byte of 256 and more',
    'BYTE',
    () =>
      abc()
        .do(MSTORE8, [5n, C], stores(0xe1n + 256n))
        .finish(),
  ],
  [
    'a byte further on',
    'MEM',
    () =>
      abc()
        .do(MSTORE8, [5n, C], sets({ shift: shiftOf(6) }))
        .finish(),
  ],
  [
    'in the other half',
    'MEM',
    () =>
      abc()
        .do(MSTORE8, [5n, C], sets({ second: 1n }))
        .finish(),
  ],
  [
    'in two places',
    'constraint MEM',
    () =>
      abc()
        .do(MSTORE8, [5n, C], sets({ shift: { 0: 1n } }))
        .finish(),
  ],
  [
    'another byte of the word changes',
    'MEM',
    () =>
      abc()
        .do(MSTORE8, [5n, C], sets({ bytes: { 3: 9n } }))
        .finish(),
  ],
  ['bytes of the word out of range', 'BYTE', () => abc().do(MSTORE8, [5n, C], carries('bytes', 10)).finish()],
  [
    'the other half changes',
    'MEM',
    () =>
      abc()
        .do(MSTORE8, [5n, C], sets({ other: 9n }))
        .finish(),
  ],
  [
    'a word that does not exist',
    'MEM',
    () =>
      abc()
        .do(MSTORE8, [99n, C], sets({ grow: 0n, cost: 0n }))
        .finish(),
  ],
];

/** The halves of A and B where an offset of 0 has them. */
function placed(): Readonly<Record<string, bigint | readonly bigint[]>> {
  const [aHi, aLo] = toLimbs(A);
  const [bHi, bLo] = toLimbs(B);
  return { first: bytesOf(aHi), middle: aLo, last: bytesOf(bHi), other: bLo };
}

/** Lets the item's low half be 256 * rest + byte with another byte. */
function stores(byte: bigint): Edit {
  return (row) => {
    const low = 256n * row.value('rest') + row.get('new');
    row.set('new', byte);
    row.limbs('rest', mod((low - byte) * inverse(256n)));
  };
}
