import { type Term, type TupleFields, term } from '../bus/tuple.js';
import { defineChip } from './chip.js';
import { memoryTerms } from './lib/memory.js';

/** The walk through a hash's input that a row of a word takes and, unless it is the last one, hands on. */
export function hashingTerms(en: bigint, last: bigint, walk: TupleFields<'HASHING'>): Term[] {
  const { ts, left, i, offset } = walk;
  const next = { ...walk, ts: ts + 1n, left: left - 32n, i: i + 1n, offset: offset + 32n };
  return [term(-en, 'HASHING', walk), term(en - last, 'HASHING', next)];
}

/** A word of a hash's input that is a whole word of memory (`circuits/chips/keccakword.circom`). */
export const keccakword = defineChip({
  name: 'keccakword',
  template: 'KeccakWord()',
  columns: { en: 1, last: 1, ts: 1, call: 1, id: 1, left: 1, i: 1, word: 1, hi: 1, lo: 1, age: 3 },
  terms: ({ en, last, ts, call, id, left, i, word, hi, lo, age }) => [
    ...hashingTerms(en, last, { ts, call, id, left, i, offset: 32n * word }),
    term(-en, 'KWORD', { word: i, id, hi, lo }),
    ...memoryTerms({ en, ts, call, word, old: [hi, lo], gap: age }),
  ],
});
