import { toLimbs } from '../../../src/bus/field.js';
import { bytesOf } from '../../../src/chips/lib/bytes.js';
import {
  A,
  abc,
  ages,
  all,
  B,
  C,
  carries,
  MLOAD,
  MSTORE,
  memoryForgeries,
  sets,
  shiftOf,
} from '../../helpers/chips/memory-forgeries.js';
import type { Edit } from '../../helpers/execution-forger.js';

/** Swaps two elements of a column. */
const swaps =
  (column: string, i: number, j: number): Edit =>
  (row) => {
    const cells = row.columns[column] as readonly bigint[];
    row.put(column, { [i]: cells[j]!, [j]: cells[i]! });
  };

const loads = abc([MLOAD, 5n]);
const stores = abc([MSTORE, 5n, C]);

/** Lies about MLOAD and MSTORE over the border of two words: 5 bytes of the first one stay. */
export const FORGERIES = memoryForgeries('unaligned', [
  { name: 'MLOAD: bytes swapped', caughtBy: 'constraint', honest: loads, change: swaps('v0', 3, 9) },
  {
    name: 'MLOAD: a byte of the word before comes too',
    caughtBy: 'constraint',
    honest: loads,
    change: sets({ v0: { 15: 0x05n } }),
  },
  {
    name: 'MLOAD: bytes swapped in memory too',
    caughtBy: 'MEM',
    honest: loads,
    change: all(swaps('v0', 8, 9), swaps('first', 3, 4)),
  },
  { name: 'MSTORE: bytes of the item swapped', caughtBy: 'STACK', honest: stores, change: swaps('v0', 3, 9) },
  {
    name: 'MSTORE: a byte before the item changes',
    caughtBy: 'MEM',
    honest: stores,
    change: sets({ first: { 15: 9n } }),
  },
  {
    name: 'MSTORE: a byte behind the item changes',
    caughtBy: 'MEM',
    honest: stores,
    change: sets({ last: { 0: 9n } }),
  },
  { name: 'MSTORE: the half between was another', caughtBy: 'MEM', honest: stores, change: sets({ middle: 9n }) },
  {
    name: 'MSTORE: the half that is not touched changes',
    caughtBy: 'MEM',
    honest: stores,
    change: sets({ other: 9n }),
  },
  { name: 'a byte of 256 and more in the item', caughtBy: 'BYTE', honest: stores, change: carries('v0', 3) },
  { name: 'a byte of 256 and more in memory', caughtBy: 'BYTE', honest: stores, change: carries('first', 3) },
  { name: 'MSTORE a byte further on', caughtBy: 'MEM', honest: stores, change: sets({ shift: shiftOf(6) }) },
  { name: 'MLOAD half a word further on', caughtBy: 'MEM', honest: loads, change: sets({ second: 1n }) },
  {
    name: 'MSTORE half a word further on, in other words',
    caughtBy: 'MEM',
    honest: stores,
    change: sets({ second: 1n }),
  },
  { name: 'two shifts at once', caughtBy: 'constraint MEM', honest: stores, change: sets({ shift: { 0: 1n } }) },
  { name: 'half a shift', caughtBy: 'constraint MEM', honest: stores, change: sets({ shift: { 4: 2n } }) },
  {
    name: 'an aligned offset, so that the next word has to exist',
    caughtBy: 'constraint',
    honest: abc([MSTORE, 0n, C]),
    change: { row: all(sets({ second: 0n, offset: { 0: 0n }, ...placed() })), args: [16n, C] },
  },
  {
    name: 'the second word does not exist',
    caughtBy: 'MEM',
    honest: abc([MLOAD, 65n]),
    change: sets({ grow: 0n, cost: 0n }),
  },
  {
    name: 'the second word is stale',
    caughtBy: 'MEM',
    honest: abc([MSTORE, 32n, C], [MSTORE, 5n, A]),
    change: ages('ages', 3, 4n),
  },
  { name: 'MLOAD passes as MSTORE', caughtBy: 'CODE STACK', honest: loads, change: sets({ store: 1n }) },
]);

/** The halves of A and B where an offset of 0 has them. */
function placed(): Readonly<Record<string, bigint | readonly bigint[]>> {
  const [aHi, aLo] = toLimbs(A);
  const [bHi, bLo] = toLimbs(B);
  return { first: bytesOf(aHi), middle: aLo, last: bytesOf(bHi), other: bLo };
}
