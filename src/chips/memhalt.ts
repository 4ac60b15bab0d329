import { term } from '../bus/tuple.js';
import { OP } from '../evm/opcodes.js';
import { WORK } from '../evm/work.js';
import { defineChip } from './chip.js';
import { EXPAND, expandTerms } from './lib/expand.js';
import { rangeTerms, valueOfLimbs } from './lib/range.js';
import { execOf, haltEnd, POP, popTerms, receivedTerm, STEP_COLUMNS } from './lib/step.js';

/** The opcodes that the chip's `kind` marks; MLOAD and KECCAK256 are what is left, LOG0 stands for LOG0 to LOG4. */
export const MEMORY_KINDS: readonly number[] = [OP.MSTORE, OP.MSTORE8, OP.LOG0, OP.RETURN, OP.REVERT];

/** A hash's input is at most this long. */
export const LONGEST_HASH = 1n << 16n;

/** Work of hashing an input of so many words. */
export function hashWork(words: bigint): bigint {
  return BigInt(WORK.keccak256) + BigInt(WORK.keccakWord) * words;
}

/** The end of a frame at an opcode with memory that it cannot pay for (`circuits/chips/memhalt.circom`). */
export const memhalt = defineChip({
  name: 'memhalt',
  template: 'MemHalt()',
  outputs: 41,
  columns: {
    ...STEP_COLUMNS,
    sized: 1,
    kind: MEMORY_KINDS.length,
    topics: 1,
    offset: POP,
    length: POP,
    exact: 1,
    late: 1,
    byLength: 1,
    high: 1,
    expand: EXPAND,
    words: 1,
    pad: 1,
    left: 6,
    margin: 11,
  },
  padding: { length: [0n, 32n, 0n, 0n, 0n] },
  terms: (row) => {
    const { en, kind, topics, sized, offset, length, exact, expand, words, pad, left, margin } = row;
    const exec = execOf(row);
    const { ts, call, sp, code, pc } = exec;
    const [hi, lo, ...gap] = length as [bigint, bigint, ...bigint[]];
    const [mstore, mstore8, log, returns, reverts] = kind as [bigint, bigint, bigint, bigint, bigint];
    const keccak = sized - log - returns - reverts;
    const touching = BigInt(OP.MLOAD) * (en - sized) + mstore + 2n * mstore8;
    const op =
      touching +
      BigInt(OP.KECCAK256) * keccak +
      BigInt(OP.LOG0) * log +
      BigInt(OP.RETURN) * returns +
      BigInt(OP.REVERT) * reverts +
      topics;
    return [
      receivedTerm(row),
      term(-en, 'CODE', { op, code, pc }),
      term(en, 'END', haltEnd(exec)),
      ...popTerms(row, 1n, offset),
      term(-sized, 'STACK', { ts: ts - 1n - valueOfLimbs(gap), call, idx: sp - 2n, hi, lo }),
      ...expandTerms({ ...row, en: exact }, offset[1]!, lo, expand, false),
      ...rangeTerms(en, [...gap, ...left, ...margin, words, pad, 128n * pad, topics, 4n - topics]),
    ];
  },
});
