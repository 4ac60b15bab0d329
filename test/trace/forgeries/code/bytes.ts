import { OP } from '../../../../src/evm/opcodes.js';
import { STEPS } from '../../../../src/trace/steps/index.js';
import { changeRow } from '../../../helpers/trie/forgery.js';
import { all128, at, codeRow, edit, editCode, type Forgery, pushing } from './world.js';

const { STOP, ADD, SUB } = OP;

const SUM = 'PUSH1 0x02 PUSH1 0x03 ADD STOP';
/** 200 bytes: two rows of code. */
const LONG = `STOP 0x${'01'.repeat(199)}`;
const TWO_PUSHES = 'PUSH1 0x01 PUSH1 0x02 STOP';

/** The first opcode, ADD, is executed as STOP. */
const stops = at(ADD, (machine) => STEPS[STOP]!(machine, STOP));

/** Other bytes than L1's, and other push data than the bytes. */
export const BYTES: Forgery[] = [
  [
    'a byte of the code changed',
    'CODEWORDS',
    SUM,
    { ...at(ADD, (machine) => STEPS[SUB]!(machine, SUB)), ...editCode({ 4: { byte: 3n } }) },
  ],
  [
    'a byte above 255, so that the word stays',
    'BYTE',
    '0x0105',
    { ...stops, ...editCode({ 0: { byte: 0n }, 1: { byte: 0x105n } }) },
  ],
  [
    'code cut short by `last`',
    'CODEWORDS',
    LONG,
    {
      rows: (rows) =>
        rows
          .filter(({ chip, row }) => chip !== 'code' || (row.at as unknown) === 0n)
          .map((row) => (row.chip === 'code' ? changeRow(row, { last: 1n }) : row)),
    },
  ],
  ['code that goes on after its end', 'CODEWALK', LONG, edit('code', 1, () => ({ last: 0n }))],
  ['a walk that starts amid the code', 'CODEWALK', LONG, edit('code', 0, () => ({ last: 1n }))],
  [
    'a walk that starts twice, with other bytes the second time',
    'CODEWALK CODEWORDS',
    'ADD',
    { ...stops, rows: (rows) => [...rows, changeRow(codeRow(rows), { byte: all128(0n) })] },
  ],
  [
    'bytes from a row that is not used',
    'CODE',
    'ADD',
    {
      ...stops,
      counted: (rows) => [
        ...rows,
        changeRow(codeRow(rows), { en: 0n, byte: all128(0n), mCode: all128(0n).map((m, i) => (i === 0 ? 1n : m)) }),
      ],
    },
  ],
  [
    'a byte skipped at the start',
    'CODEWALK',
    'JUMPDEST STOP',
    edit('code', 0, (row) => ({
      skip: 1n,
      move: (row.move as readonly bigint[]).map((move, i) => (i === 0 ? 0n : move)),
      dest: all128(0n),
    })),
  ],
  ['a row of code that is half used', 'constraint of code', 'STOP', edit('code', 0, () => ({ en: 2n }))],

  ['a push of the data of another place', 'PUSH', TWO_PUSHES, pushing({ 2: 1n })],
  [
    'the same, with push data that says so',
    'CODE',
    TWO_PUSHES,
    { ...pushing({ 2: 1n }), ...edit('pushdata2', 1, () => ({ byte: [1n, 0n] })) },
  ],
  [
    'push data of a row that is not used',
    'PUSH',
    'PUSH1 0x01 STOP',
    {
      ...pushing({ 0: 7n }),
      counted: (rows) => [
        ...rows,
        changeRow(rows.find(({ chip }) => chip === 'pushdata2')!, { has: [0n, 0n], byte: [7n, 0n], m: 1n }),
      ],
    },
  ],
  [
    'a push without its last byte',
    'CODE',
    'PUSH2 0x0102 STOP',
    { ...pushing({ 0: 1n }), ...edit('pushdata2', 0, () => ({ has: [1n, 0n], byte: [1n, 0n] })) },
  ],
  [
    'push data with a gap',
    'constraint of pushdata4',
    'PUSH3 0x010203 STOP',
    edit('pushdata4', 0, () => ({ has: [1n, 0n, 1n, 1n] })),
  ],
  [
    'a byte of push data that is not looked up',
    'constraint of pushdata2',
    'PUSH1 0x01 STOP',
    { ...pushing({ 0: 0x901n }), ...edit('pushdata2', 0, () => ({ byte: [1n, 9n] })) },
  ],
];
