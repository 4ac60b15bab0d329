import { term } from '../bus/tuple.js';
import { defineChip } from './chip.js';
import { rangeTerms, valueOfLimbs } from './lib/range.js';

/** A transaction that L1 found bad: charges its flat use of work (`circuits/chips/txbad.circom`). */
export const txbad = defineChip({
  name: 'txbad',
  template: 'TxBad()',
  columns: { en: 1, ts: 1, tx: 1, gasUsed: 1, jrn: 1, use: 1, left: 4 },
  terms: ({ en, ts, tx, gasUsed, jrn, use, left }) => {
    const work = valueOfLimbs(left);
    return [
      term(-en, 'BETWEEN', { ts, tx, gasUsed, work: use + work, jrn }),
      term(en, 'BETWEEN', { ts: ts + 1n, tx: tx + 1n, gasUsed, work, jrn }),
      term(-en, 'TXBAD', { idx: tx, use }),
      ...rangeTerms(en, left),
    ];
  },
});
