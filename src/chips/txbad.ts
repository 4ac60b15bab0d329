import { term } from '../bus/tuple.js';
import { defineChip } from './chip.js';
import { rangeTerms, valueOfLimbs } from './lib/range.js';

/** A transaction that L1 found bad: charges its flat use of work (`circuits/chips/txbad.circom`). */
export const txbad = defineChip({
  name: 'txbad',
  file: 'txbad',
  template: 'TxBad()',
  outputs: 7,
  columns: { en: 1, ts: 1, tx: 1, gasUsed: 1, jrn: 1, use: 1, left: 4 },
  padding: { en: 0n, ts: 0n, tx: 0n, gasUsed: 0n, jrn: 0n, use: 0n, left: [0n, 0n, 0n, 0n] },
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
