import { term } from '../bus/tuple.js';
import { defineChip } from './chip.js';

/** Birth and end of a word of memory (`circuits/chips/memcell.circom`). */
export const memcell = defineChip({
  name: 'memcell',
  template: 'MemCell()',
  columns: { en: 1, last: 1, call: 1, word: 1, to: 1, ts: 1, t: 1, hi: 1, lo: 1 },
  terms: ({ en, last, call, word, to, ts, t, hi, lo }) => [
    term(-en, 'MEMNEW', { ts, call, from: word, to }),
    term(en - last, 'MEMNEW', { ts, call, from: word + 1n, to }),
    term(en, 'MEM', { ts, call, word, hi: 0n, lo: 0n }),
    term(-en, 'MEM', { ts: t, call, word, hi, lo }),
  ],
});
