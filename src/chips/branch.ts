import { mod } from '../bus/field.js';
import { term } from '../bus/tuple.js';
import { defineChip } from './chip.js';
import { at, childOf, ref } from './lib/trie.js';

const NONE = Array<bigint>(16).fill(0n);

/** X@p = sum of c_n@pn, s times; gives BRANCH(X) m times; e = 1: AT of the children, a_n times (`circuits/chips/branch.circom`). */
export const branch = defineChip({
  name: 'branch',
  template: 'Branch()',
  outputs: 3,
  columns: { trie: 1, q: 1, d: 1, X: 1, c: 16, s: 1, m: 1, e: 1, a: 16 },
  padding: {
    // H16(1, 1, 0, ..., 0)
    X: 19618917380378167123964167204218337008939521349129721815063599687834844599159n,
    c: [1n, 1n, ...NONE.slice(2)],
  },
  terms: (row) => [
    ref(-row.s, row.X, row),
    ...row.c.map((child, n) => ref(row.s, child, childOf(row, BigInt(n)))),
    term(mod(row.m), 'BRANCH', { X: row.X }),
    at(-row.e, row.X, row),
    ...row.c.map((child, n) => at(row.e * row.a[n]!, child, childOf(row, BigInt(n)))),
  ],
});
