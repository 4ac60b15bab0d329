import { inverse, mod, toLimbs } from '../../../src/bus/field.js';
import { environmentWord } from '../../../src/trace/execution/environment.js';
import { asIs, type Change, type Forgery } from '../../helpers/chips/words-world.js';

const [ADDRESS, CALLER, CALLVALUE, LOAD, SIZE, CODESIZE] = [0x30, 0x33, 0x34, 0x35, 0x36, 0x38] as const;
const [COINBASE, TIMESTAMP, NUMBER, MSIZE] = [0x41, 0x42, 0x43, 0x59] as const;
const HALF = 1n << 128n;

/** Pushes another word. */
const pushes = (word: bigint): Change => {
  const [hi, lo] = toLimbs(word);
  return (row) => row.set('hi', hi).set('lo', lo);
};

/** Pushes what another opcode reads, here or in the other frame. */
const reads = (op: number, elsewhere = false): Change => {
  return (row, step) => pushes(environmentWord(elsewhere ? step.other.frame : step.machine.frame, op))(row, step);
};

/** Lies about words of the frame and of the block. */
export const ENV_FORGERIES: readonly Forgery[] = [
  ['CALLER of another frame', 'ENV', CALLER, [], reads(CALLER, true)],
  ['CALLVALUE of another frame', 'ENV', CALLVALUE, [], reads(CALLVALUE, true)],
  ['ADDRESS of the caller', 'ENV', ADDRESS, [], reads(CALLER)],
  ['ADDRESS as CALLER', 'CODE', CALLER, [], asIs, { at: ADDRESS }],
  [
    'CALLER, but ADDRESS is what is looked up',
    'CODE',
    CALLER,
    [],
    (row, step) => row.set('op', 0x30n) && reads(ADDRESS)(row, step),
  ],
  ['CALLVALUE one more', 'ENV', CALLVALUE, [], (row) => row.set('lo', mod(row.get('lo') + 1n))],
  [
    'CALLVALUE with 2^128 in its low half',
    'ENV',
    CALLVALUE,
    [],
    (row) => row.set('hi', row.get('hi') - 1n).set('lo', row.get('lo') + HALF),
  ],
  ['CALLDATASIZE of none', 'ENV', SIZE, [], pushes(0n)],
  ['CODESIZE of the calldata', 'ENV', CODESIZE, [], reads(SIZE)],
  ['TIMESTAMP later', 'BLOCK', TIMESTAMP, [], (row) => row.set('lo', row.get('lo') + 1n)],
  ['TIMESTAMP of NUMBER', 'BLOCK', TIMESTAMP, [], reads(NUMBER)],
  ['TIMESTAMP as NUMBER', 'CODE', NUMBER, [], asIs, { at: TIMESTAMP }],
  [
    'COINBASE of the frame: its address',
    'ENV',
    COINBASE,
    [],
    (row, step) => reads(ADDRESS)(row.set('block', 0n), step),
  ],
  [
    'CALLER of the block: its fee recipient',
    'BLOCK',
    CALLER,
    [],
    (row, step) => reads(COINBASE)(row.set('block', 1n), step),
  ],
  [
    'of neither: half a lookup in each',
    'constraint BLOCK ENV',
    CALLER,
    [],
    (row, step) => pushes(7n)(row.set('block', inverse(2n)), step),
  ],
  ['CALLDATALOAD as CALLDATASIZE', 'CODE STACK', SIZE, [], asIs, { at: LOAD, found: [4n] }],
  [
    'MSIZE out of nothing',
    'ENV',
    CALLER,
    [],
    (row, step) => pushes(99n)(row.set('op', BigInt(MSIZE)), step),
    { at: MSIZE },
  ],
  [
    'by a row that is off, of the block all the same',
    'constraint BLOCK ENV EXEC',
    CALLER,
    [],
    (row) => row.set('en', 0n).set('block', 1n),
  ],
];

/** A word that the stack has no place for: true in itself. */
export const NO_ROOM: Forgery = ['no room', 'RANGE12', CALLER, [], asIs, { exec: { sp: 1024n } }];
