import { mod } from '../bus/field.js';
import { term } from '../bus/tuple.js';
import { defineChip } from './chip.js';
import { at, ref, rootOf } from './lib/trie.js';

/**
 * X@p = AKV(i, fields) + S@(i, root), s times, where ID(i, key split at p); e = 1: AT gives RAKV(i) mr times and AT of the
 * storage root ms times (`circuits/chips/accountleaf.circom`).
 */
export const accountleaf = defineChip({
  name: 'accountleaf',
  template: 'AccountLeaf()',
  outputs: 3,
  columns: {
    q: 1,
    d: 1,
    X: 1,
    i: 1,
    head: 1,
    tail: 1,
    nonce: 1,
    balHi: 1,
    balLo: 1,
    codeHi: 1,
    codeLo: 1,
    S: 1,
    s: 1,
    e: 1,
    en: 1,
    mr: 1,
    ms: 1,
  },
  padding: {
    // H8(0, ..., 0)
    X: 1524321216038799095937469147836866648978083754965002674906449126183454401066n,
  },
  terms: (row) => {
    const place = { trie: 0n, q: row.q, d: row.d };
    return [
      term(mod(-row.en), 'ID', row),
      ref(-row.s, row.X, place),
      term(mod(row.s), 'AKV', row),
      ref(row.s, row.S, rootOf(row.i)),
      at(-row.e, row.X, place),
      term(mod(row.e * row.mr), 'RAKV', row),
      at(row.e * row.ms, row.S, rootOf(row.i)),
    ];
  },
});
