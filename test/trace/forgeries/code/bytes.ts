import { OP } from '../../../../src/evm/opcodes.js';
import { STEPS } from '../../../../src/trace/steps/index.js';
import { changeRow } from '../../../helpers/trie/forgery.js';
import { all128, at, codeForgeries, codeRow, edit, editCode, pushing } from './world.js';

const { STOP, ADD, SUB } = OP;

const SUM = 'PUSH1 0x02 PUSH1 0x03 ADD STOP';
/** 200 bytes: two rows of code. */
const LONG = `STOP 0x${'01'.repeat(199)}`;
const TWO_PUSHES = 'PUSH1 0x01 PUSH1 0x02 STOP';

/** The first opcode, ADD, is executed as STOP. */
const stops = at(ADD, (machine) => STEPS[STOP]!(machine, STOP));

/** Other bytes than L1's, and other push data than the bytes. */
export const BYTES = codeForgeries('code: bytes of code and push data', [
  {
    name: 'a byte of the code changed',
    caughtBy: 'CODEWORDS',
    honest: SUM,
    change: { ...at(ADD, (machine) => STEPS[SUB]!(machine, SUB)), ...editCode({ 4: { byte: 3n } }) },
  },
  {
    name: 'a byte above 255, so that the word stays',
    caughtBy: 'BYTE',
    honest: '0x0105',
    change: { ...stops, ...editCode({ 0: { byte: 0n }, 1: { byte: 0x105n } }) },
  },
  {
    name: 'code cut short by `last`',
    caughtBy: 'CODEWORDS',
    honest: LONG,
    change: {
      rows: (rows) =>
        rows
          .filter(({ chip, row }) => chip !== 'code' || (row.at as unknown) === 0n)
          .map((row) => (row.chip === 'code' ? changeRow(row, { last: 1n }) : row)),
    },
  },
  {
    name: 'code that goes on after its end',
    caughtBy: 'CODEWALK',
    honest: LONG,
    change: edit('code', 1, () => ({ last: 0n })),
  },
  {
    name: 'a walk that starts amid the code',
    caughtBy: 'CODEWALK',
    honest: LONG,
    change: edit('code', 0, () => ({ last: 1n })),
  },
  {
    name: 'a walk that starts twice, with other bytes the second time',
    caughtBy: 'CODEWALK CODEWORDS',
    honest: 'ADD',
    change: { ...stops, rows: (rows) => [...rows, changeRow(codeRow(rows), { byte: all128(0n) })] },
  },
  {
    name: 'bytes from a row that is not used',
    caughtBy: 'CODE',
    honest: 'ADD',
    change: {
      ...stops,
      counted: (rows) => [
        ...rows,
        changeRow(codeRow(rows), { en: 0n, byte: all128(0n), mCode: all128(0n).map((m, i) => (i === 0 ? 1n : m)) }),
      ],
    },
  },
  {
    name: 'a byte skipped at the start',
    caughtBy: 'CODEWALK',
    honest: 'JUMPDEST STOP',
    change: edit('code', 0, (row) => ({
      skip: 1n,
      move: (row.move as readonly bigint[]).map((move, i) => (i === 0 ? 0n : move)),
      dest: all128(0n),
    })),
  },
  {
    name: 'a row of code that is half used',
    caughtBy: 'constraint of code',
    honest: 'STOP',
    change: edit('code', 0, () => ({ en: 2n })),
  },

  { name: 'a push of the data of another place', caughtBy: 'PUSH', honest: TWO_PUSHES, change: pushing({ 2: 1n }) },
  {
    name: 'the same, with push data that says so',
    caughtBy: 'CODE',
    honest: TWO_PUSHES,
    change: { ...pushing({ 2: 1n }), ...edit('pushdata2', 1, () => ({ byte: [1n, 0n] })) },
  },
  {
    name: 'push data of a row that is not used',
    caughtBy: 'PUSH',
    honest: 'PUSH1 0x01 STOP',
    change: {
      ...pushing({ 0: 7n }),
      counted: (rows) => [
        ...rows,
        changeRow(rows.find(({ chip }) => chip === 'pushdata2')!, { has: [0n, 0n], byte: [7n, 0n], m: 1n }),
      ],
    },
  },
  {
    name: 'a push without its last byte',
    caughtBy: 'CODE',
    honest: 'PUSH2 0x0102 STOP',
    change: { ...pushing({ 0: 1n }), ...edit('pushdata2', 0, () => ({ has: [1n, 0n], byte: [1n, 0n] })) },
  },
  {
    name: 'push data with a gap',
    caughtBy: 'constraint of pushdata4',
    honest: 'PUSH3 0x010203 STOP',
    change: edit('pushdata4', 0, () => ({ has: [1n, 0n, 1n, 1n] })),
  },
  {
    name: 'a byte of push data that is not looked up',
    caughtBy: 'constraint of pushdata2',
    honest: 'PUSH1 0x01 STOP',
    change: { ...pushing({ 0: 0x901n }), ...edit('pushdata2', 0, () => ({ byte: [1n, 9n] })) },
  },
]);
