import { type Term, term } from '../../bus/tuple.js';
import { rangeTerms, valueOfLimbs } from './range.js';

/** An access to a word of memory, as a row knows it; mirror of `circuits/lib/memory.circom`. */
export interface WordAccess {
  /** How often: a boolean of the row. */
  readonly en: bigint;
  readonly ts: bigint;
  readonly call: bigint;
  readonly word: bigint;
  /** Halves before. */
  readonly old: readonly [hi: bigint, lo: bigint];
  /** Halves after, if the word is written. */
  readonly new?: readonly [hi: bigint, lo: bigint];
  /** Three limbs of ts - tOld - 1. */
  readonly gap: readonly bigint[];
}

/** The five terms of `MemoryWord()`: MEM received and sent, RANGE12 of the gap's limbs. */
export function memoryTerms({ en, ts, call, word, old, gap, new: next = old }: WordAccess): Term[] {
  const tOld = ts - 1n - valueOfLimbs(gap);
  return [
    term(-en, 'MEM', { ts: tOld, call, word, hi: old[0], lo: old[1] }),
    term(en, 'MEM', { ts, call, word, hi: next[0], lo: next[1] }),
    ...rangeTerms(en, gap),
  ];
}
