import { mod } from '../bus/field.js';
import { term } from '../bus/tuple.js';
import { defineChip } from './chip.js';
import { at, ref } from './lib/trie.js';

/** X@p = KV(key split at p, value), s times; e = 1: AT gives RKV (`circuits/chips/slotleaf.circom`). */
export const slotleaf = defineChip({
  name: 'slotleaf',
  template: 'SlotLeaf()',
  outputs: 2,
  columns: { trie: 1, q: 1, d: 1, X: 1, head: 1, tail: 1, hi: 1, lo: 1, s: 1, e: 1 },
  padding: {
    // H4(0, 0, 0, 0)
    X: 2351654555892372227640888372176282444150254868378439619268573230312091195718n,
  },
  terms: (row) => [
    ref(-row.s, row.X, row),
    term(mod(row.s), 'KV', row),
    at(-row.e, row.X, row),
    term(mod(row.e), 'RKV', row),
  ],
});
