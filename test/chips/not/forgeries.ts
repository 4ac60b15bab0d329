import { mod } from '../../../src/bus/field.js';
import { OP } from '../../../src/evm/opcodes.js';
import { does, stepForgeries } from '../../helpers/chips/step-forgeries.js';

const { ISZERO, NOT } = OP;
const [X, Y] = [(0xabcdn << 200n) + 0x1234n, (0xf0f0n << 200n) + 0xff7fn];

/** Lies about NOT. */
export const FORGERIES = stepForgeries('not', [
  { name: 'NOT of another item', caughtBy: 'STACK', honest: does(NOT, [Y]), change: { items: [X] } },
  {
    name: 'NOT of a later item',
    caughtBy: 'RANGE12 STACK',
    honest: does(NOT, [X]),
    change: (row) => row.put('a', { 0: 0n, 2: mod(-1n), 3: 0n, 4: 0n }),
  },
  { name: 'ISZERO as NOT', caughtBy: 'CODE', honest: does(ISZERO, [X]), change: { as: NOT } },
  {
    name: 'NOT of an item of another frame',
    caughtBy: 'EXEC STACK',
    honest: does(NOT, [X]),
    change: (row) => row.put('exec', { 1: 7n }),
  },
]);
