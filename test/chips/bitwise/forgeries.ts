import { inverse, mod } from '../../../src/bus/field.js';
import { OP } from '../../../src/evm/opcodes.js';
import { does, stepForgeries } from '../../helpers/chips/step-forgeries.js';
import type { Draft } from '../../helpers/execution-forger.js';

const { AND, OR, XOR, NOT } = OP;
const [X, Y] = [(0xabcdn << 200n) + 0x1234n, (0xf0f0n << 200n) + 0xff7fn];
const SIXTEENTH = inverse(16n);

/** The carry of 16 out of an upper nibble: the digits say the same number, one of them is no nibble. */
const borrowed = (row: Draft, nibbles: string, i: number) => {
  const list = row.columns[nibbles] as readonly bigint[];
  row.put(nibbles, { [i]: list[i]! + 16n, [i + 1]: list[i + 1]! - 1n });
};

/** Adds to an element of a list. */
const plus = (row: Draft, name: string, i: number, amount: bigint) =>
  row.put(name, { [i]: mod((row.columns[name] as readonly bigint[])[i]! + amount) });

const honest = does(AND, [X, Y]);

/** Lies about AND, OR, XOR. */
export const FORGERIES = stepForgeries('bitwise', [
  { name: 'AND with a bit more', caughtBy: 'AND4', honest, change: (row) => plus(row, 'cNibbles', 33, 8n) },
  { name: 'AND with a bit less', caughtBy: 'AND4', honest, change: (row) => row.put('cNibbles', { 33: 0n }) },
  { name: 'AND plus 2^128', caughtBy: 'AND4', honest, change: (row) => plus(row, 'cNibbles', 31, 16n) },
  {
    name: 'AND, a carry from nibble to nibble',
    caughtBy: 'AND4',
    honest,
    change: (row) => plus(row, 'cNibbles', 0, 16n),
  },
  {
    name: 'AND, halves swapped',
    caughtBy: 'AND4',
    honest,
    change: (row) => {
      const c = row.columns.cNibbles as readonly bigint[];
      row.set('cNibbles', [...c.slice(32), ...c.slice(0, 32)]);
    },
  },
  {
    name: 'nibble of 16',
    caughtBy: 'AND4',
    honest,
    change: (row) => {
      borrowed(row, 'aNibbles', 31);
      plus(row, 'cNibbles', 33, 1n);
    },
  },
  {
    name: 'lowest nibble of 16, by the ones above it',
    caughtBy: 'AND4',
    honest: does(OR, [X, Y]),
    change: (row) => {
      plus(row, 'aNibbles', 31, -1n);
      plus(row, 'cNibbles', 32, 1n);
    },
  },
  {
    name: 'nibble a fraction: one more in the one below',
    caughtBy: 'AND4',
    honest: does(XOR, [X, Y]),
    change: (row) => {
      plus(row, 'bNibbles', 31, -SIXTEENTH);
      plus(row, 'cNibbles', 32, -1n);
    },
  },
  {
    name: 'nibbles of another number',
    caughtBy: 'AND4',
    honest,
    change: (row) => {
      plus(row, 'aNibbles', 40, 1n);
      plus(row, 'cNibbles', 41, 1n);
    },
  },
  { name: 'OR as AND', caughtBy: 'CODE', honest: does(OR, [X, Y]), change: { as: AND } },
  { name: 'AND as OR', caughtBy: 'CODE', honest, change: { as: OR } },
  { name: 'XOR as OR', caughtBy: 'CODE', honest: does(XOR, [X, Y]), change: { as: OR } },
  { name: 'OR as XOR', caughtBy: 'CODE', honest: does(OR, [X, Y]), change: { as: XOR } },
  { name: 'AND of another item', caughtBy: 'STACK', honest: does(AND, [X, Y + 1n]), change: { items: [X, Y] } },
  {
    name: 'NOT as OR and XOR at once: an item too many goes',
    caughtBy: 'constraint',
    honest: does(NOT, [X, Y]),
    change: { as: OR, row: (row) => row.set('xor', 1n) },
  },
  {
    name: 'OR twice in place of XOR',
    caughtBy: 'constraint',
    honest: does(XOR, [X, Y]),
    change: { as: OR, row: (row) => row.set('or', 2n) },
  },
  {
    name: 'OR less than nothing: XOR and minus one OR',
    caughtBy: 'constraint',
    honest: does(OR, [X, Y]),
    change: { as: XOR, row: (row) => row.set('or', mod(-1n)) },
  },
  {
    name: 'XOR by half: OR',
    caughtBy: 'constraint',
    honest: does(OR, [X, Y]),
    change: { as: XOR, row: (row) => row.set('xor', inverse(2n)) },
  },
  { name: 'AND by a row that is off', caughtBy: 'EXEC STACK', honest, change: (row) => row.set('en', 0n) },
  { name: 'AND twice', caughtBy: 'constraint EXEC STACK', honest, change: (row) => row.set('en', 2n) },
]);
