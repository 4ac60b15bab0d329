import { inverse, mod, toLimbs } from '../../../src/bus/field.js';
import { OP } from '../../../src/evm/opcodes.js';
import { environmentWord } from '../../../src/trace/execution/environment.js';
import { does, type RowChange, stepForgeries } from '../../helpers/chips/step-forgeries.js';

const { ADDRESS, CALLER, CALLVALUE, CALLDATALOAD: LOAD, CALLDATASIZE: SIZE, CODESIZE } = OP;
const { COINBASE, TIMESTAMP, NUMBER, MSIZE } = OP;
const HALF = 1n << 128n;

/** Pushes another word. */
const pushes = (word: bigint): RowChange => {
  const [hi, lo] = toLimbs(word);
  return (row) => row.set('hi', hi).set('lo', lo);
};

/** Pushes what another opcode reads, here or in the other frame. */
const reads = (op: number, elsewhere = false): RowChange => {
  return (row, step) => pushes(environmentWord(elsewhere ? step.other.frame : step.machine.frame, op))(row, step);
};

const honest = does(CALLER, []);

/** Lies about words of the frame and of the block. */
export const FORGERIES = stepForgeries('env', [
  { name: 'CALLER of another frame', caughtBy: 'ENV', honest, change: reads(CALLER, true) },
  { name: 'CALLVALUE of another frame', caughtBy: 'ENV', honest: does(CALLVALUE, []), change: reads(CALLVALUE, true) },
  { name: 'ADDRESS of the caller', caughtBy: 'ENV', honest: does(ADDRESS, []), change: reads(CALLER) },
  { name: 'ADDRESS as CALLER', caughtBy: 'CODE', honest: does(ADDRESS, []), change: { as: CALLER } },
  {
    name: 'CALLER, but ADDRESS is what is looked up',
    caughtBy: 'CODE',
    honest,
    change: (row, step) => row.set('op', BigInt(OP.ADDRESS)) && reads(ADDRESS)(row, step),
  },
  {
    name: 'CALLVALUE one more',
    caughtBy: 'ENV',
    honest: does(CALLVALUE, []),
    change: (row) => row.set('lo', mod(row.get('lo') + 1n)),
  },
  {
    name: 'CALLVALUE with 2^128 in its low half',
    caughtBy: 'ENV',
    honest: does(CALLVALUE, []),
    change: (row) => row.set('hi', row.get('hi') - 1n).set('lo', row.get('lo') + HALF),
  },
  { name: 'CALLDATASIZE of none', caughtBy: 'ENV', honest: does(SIZE, []), change: pushes(0n) },
  { name: 'CODESIZE of the calldata', caughtBy: 'ENV', honest: does(CODESIZE, []), change: reads(SIZE) },
  {
    name: 'TIMESTAMP later',
    caughtBy: 'BLOCK',
    honest: does(TIMESTAMP, []),
    change: (row) => row.set('lo', row.get('lo') + 1n),
  },
  { name: 'TIMESTAMP of NUMBER', caughtBy: 'BLOCK', honest: does(TIMESTAMP, []), change: reads(NUMBER) },
  { name: 'TIMESTAMP as NUMBER', caughtBy: 'CODE', honest: does(TIMESTAMP, []), change: { as: NUMBER } },
  {
    name: 'COINBASE of the frame: its address',
    caughtBy: 'ENV',
    honest: does(COINBASE, []),
    change: (row, step) => reads(ADDRESS)(row.set('block', 0n), step),
  },
  {
    name: 'CALLER of the block: its fee recipient',
    caughtBy: 'BLOCK',
    honest,
    change: (row, step) => reads(COINBASE)(row.set('block', 1n), step),
  },
  {
    name: 'of neither: half a lookup in each',
    caughtBy: 'constraint BLOCK ENV',
    honest,
    change: (row, step) => pushes(7n)(row.set('block', inverse(2n)), step),
  },
  {
    name: 'CALLDATALOAD as CALLDATASIZE',
    caughtBy: 'CODE STACK',
    honest: does(LOAD, [4n]),
    change: { as: SIZE, items: [] },
  },
  {
    name: 'MSIZE out of nothing',
    caughtBy: 'ENV',
    honest: does(MSIZE, []),
    change: { as: CALLER, row: (row, step) => pushes(99n)(row.set('op', BigInt(MSIZE)), step) },
  },
  {
    name: 'by a row that is off, of the block all the same',
    caughtBy: 'constraint BLOCK ENV EXEC',
    honest,
    change: (row) => row.set('en', 0n).set('block', 1n),
  },
]);
