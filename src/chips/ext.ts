import { mod } from '../bus/field.js';
import { term } from '../bus/tuple.js';
import { defineChip } from './chip.js';
import { after, at, ref } from './lib/trie.js';

/** X@p = C@(p.path), s times, where BRANCH(C); e = 1: AT of C, m times (`circuits/chips/ext.circom`). */
export const ext = defineChip({
  name: 'ext',
  template: 'Ext()',
  outputs: 3,
  columns: { trie: 1, q: 1, d: 1, X: 1, path: 1, w: 1, len: 1, C: 1, s: 1, e: 1, en: 1, m: 1 },
  padding: {
    // H2(16, 0)
    X: 12244630547796847833018536909817305854028204552845322559569634715875563380078n,
    path: 16n,
    w: 16n,
    len: 1n,
  },
  terms: (row) => {
    const below = after(row, row.path, row.w, row.len);
    return [
      term(mod(-row.en), 'BRANCH', { X: row.C }),
      ref(-row.s, row.X, row),
      ref(row.s, row.C, below),
      at(-row.e, row.X, row),
      at(row.e * row.m, row.C, below),
    ];
  },
});
