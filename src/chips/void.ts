import { defineChip } from './chip.js';
import { after, at } from './lib/trie.js';

/** e = 1: beside an extension, at another path of its length, nothing stands, m times (`circuits/chips/void.circom`). */
export const voidBeside = defineChip({
  name: 'void',
  template: 'Void()',
  outputs: 1,
  columns: { trie: 1, q: 1, d: 1, X: 1, path: 1, path2: 1, w: 1, len: 1, C: 1, e: 1, m: 1 },
  padding: {
    // H2(16, 0)
    X: 12244630547796847833018536909817305854028204552845322559569634715875563380078n,
    path: 16n,
    path2: 17n,
    w: 16n,
    len: 1n,
  },
  terms: (row) => [at(-row.e, row.X, row), at(row.e * row.m, 0n, after(row, row.path2, row.w, row.len))],
});
