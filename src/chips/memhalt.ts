import { term } from '../bus/tuple.js';
import { defineChip } from './chip.js';
import { EXPAND, expandTerms } from './lib/expand.js';
import { rangeTerms, valueOfLimbs } from './lib/range.js';
import { execOf, haltEnd, POP, receivedTerm, STEP_COLUMNS } from './lib/step.js';

/** Limbs of a number of words below 2^48. */
export const WORDS_LIMBS = 4;

/** The end of a frame at an opcode with memory that it cannot pay for (`circuits/chips/memhalt.circom`). */
export const memhalt = defineChip({
  name: 'memhalt',
  template: 'MemHalt()',
  outputs: 43,
  columns: {
    ...STEP_COLUMNS,
    op: 1,
    least: 1,
    sized: 1,
    offsetAt: 1,
    lengthAt: 1,
    perByte: 1,
    perWord: 1,
    far: 1,
    use: 1,
    wordUse: 1,
    offset: POP,
    length: POP,
    exact: 1,
    late: 1,
    byLength: 1,
    high: 1,
    expand: EXPAND,
    words: WORDS_LIMBS,
    pad: 1,
    left: 6,
    margin: 11,
  },
  terms: (row) => {
    const { en, op, least, sized, offsetAt, lengthAt, perByte, perWord, far, use, wordUse, exact, expand, pad } = row;
    const exec = execOf(row);
    const { ts, call, sp, code, pc } = exec;
    const items = [row.offset, row.length] as [bigint, bigint, ...bigint[]][];
    const lo = row.length[1]!;
    const line = { op, gas: least, bytes: (1n - sized) * lo, sized, offset: offsetAt, lengthAt, perByte, perWord, far };
    return [
      receivedTerm(row),
      term(-en, 'CODE', { op, code, pc }),
      term(en, 'END', haltEnd(exec)),
      term(-en, 'MEMOP', { ...line, use, wordUse }),
      ...items.map(([hi, lo, ...age], k) => {
        const idx = sp - (k === 0 ? offsetAt : lengthAt);
        return term(k === 0 ? -en : -sized, 'STACK', { ts: ts - 1n - valueOfLimbs(age), call, idx, hi, lo });
      }),
      ...expandTerms({ ...row, en: exact }, row.offset[1]!, lo, expand, false),
      ...rangeTerms(
        en,
        items.flatMap(([, , ...age]) => age),
      ),
      ...rangeTerms(en, [...row.left, ...row.margin, ...row.words, pad, 128n * pad]),
    ];
  },
});
