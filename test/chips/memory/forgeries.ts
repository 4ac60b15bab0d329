import { toLimbs } from '../../../src/bus/field.js';
import {
  abc,
  age,
  ages,
  all,
  B,
  C,
  MLOAD,
  MSTORE,
  memoryForgeries,
  sets,
} from '../../helpers/chips/memory-forgeries.js';
import type { Edit } from '../../helpers/execution-forger.js';

/** Steps of the frame after each other: a row that pushes items, and the opcode's. */
const STEP = 2n;

/** An MLOAD or MSTORE that says the memory is large enough. */
const unpaid = sets({ grow: 0n, cost: 0n });

/** An MLOAD that finds another word. */
const finds = (word: bigint): Edit => {
  const [hi, lo] = toLimbs(word);
  return sets({ value: { 0: hi, 1: lo }, old: [hi, lo] });
};

const loads = abc([MLOAD, 32n]);

/** Lies about what a word holds, and since when. */
export const FORGERIES = memoryForgeries('memory', [
  { name: 'a word that does not exist is read', caughtBy: 'MEM', honest: abc([MLOAD, 96n]), change: unpaid },
  { name: 'a word that does not exist is written', caughtBy: 'MEM', honest: abc([MSTORE, 96n, 5n]), change: unpaid },
  {
    name: 'a word is read before it is paid for',
    caughtBy: 'RANGE12',
    honest: abc([MLOAD, 96n], [MSTORE, 96n, 5n]),
    change: { step: -2, row: all(unpaid, sets({ gap: age(-STEP) })) },
  },
  {
    name: 'a word is read as it was before the last MSTORE',
    caughtBy: 'MEM',
    honest: abc([MSTORE, 32n, C], [MLOAD, 32n]),
    change: all(finds(B), ages('gap', 0, 2n * STEP)),
  },
  {
    name: 'a word is read as the next MSTORE leaves it',
    caughtBy: 'MEM RANGE12',
    honest: abc([MLOAD, 32n], [MSTORE, 32n, C]),
    change: { step: -2, row: all(finds(C), sets({ gap: age(-STEP - 1n) })) },
  },
  { name: 'a word is read as another value', caughtBy: 'MEM', honest: loads, change: finds(9n) },
  { name: 'a word is read at another age', caughtBy: 'MEM', honest: loads, change: ages('gap', 0, 1n) },
  {
    name: 'an age in limbs out of range',
    caughtBy: 'RANGE12',
    honest: loads,
    change: (row) => row.put('gap', { 0: limb(row, 0) + 4096n, 1: limb(row, 1) - 1n }),
  },
  { name: 'MLOAD pushes another value', caughtBy: 'constraint', honest: loads, change: sets({ value: { 1: 9n } }) },
  {
    name: 'MSTORE stores what is not on the stack',
    caughtBy: 'STACK',
    honest: abc([MSTORE, 32n, 7n]),
    change: sets({ value: { 1: 9n } }),
  },
  { name: 'another word is read', caughtBy: 'STACK', honest: abc([MLOAD, 64n]), change: { args: [32n] } },
  {
    name: 'an offset of 2^128 and more is cut',
    caughtBy: 'STACK',
    honest: abc([MLOAD, (1n << 128n) + 32n]),
    change: { args: [32n] },
  },
  {
    name: 'an offset that 32 does not divide passes as aligned',
    caughtBy: 'MEM',
    honest: abc([MLOAD, 33n]),
    change: { row: sets({ offset: { 0: 33n } }), args: [32n] },
  },
  { name: 'MLOAD passes as MSTORE', caughtBy: 'CODE STACK', honest: loads, change: sets({ store: 1n }) },
]);

function limb(row: Parameters<Edit>[0], i: number): bigint {
  return (row.columns.gap as readonly bigint[])[i]!;
}
