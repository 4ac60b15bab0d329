import { mod } from '../bus/field.js';
import { type Term, term } from '../bus/tuple.js';
import { defineChip } from './chip.js';
import { at, type Place } from './lib/trie.js';

const COMMON = { trie: 1, q: 1, d: 1, X: 1, head: 1, tail: 1 } as const;
const ABSENT = { head2: 1, tail2: 1, e: 1 } as const;
const PADDING = { trie: 0n, q: 0n, d: 0n, head: 0n, tail: 0n, head2: 0n, tail2: 1n, e: 0n } as const;

interface NoKeyRow extends Place {
  readonly X: bigint;
  readonly head2: bigint;
  readonly tail2: bigint;
  readonly e: bigint;
}

function terms(row: NoKeyRow): Term[] {
  return [at(-row.e, row.X, row), term(mod(row.e), 'NOKEY', { ...row, head: row.head2, tail: row.tail2 })];
}

/** e = 1: where the slot leaf of another key stands there is no key2 (`circuits/chips/nokey.circom`). */
export const nokey4 = defineChip({
  name: 'nokey4',
  file: 'nokey',
  template: 'NoKey(4)',
  outputs: 1,
  columns: { ...COMMON, v: 2, ...ABSENT },
  padding: {
    ...PADDING, // H4(0, 0, 0, 0)
    X: 2351654555892372227640888372176282444150254868378439619268573230312091195718n,
  },
  terms,
});

/** The same for an account leaf. */
export const nokey8 = defineChip({
  name: 'nokey8',
  file: 'nokey',
  template: 'NoKey(8)',
  outputs: 1,
  columns: { ...COMMON, v: 6, ...ABSENT },
  padding: {
    ...PADDING, // H8(0, ..., 0)
    X: 1524321216038799095937469147836866648978083754965002674906449126183454401066n,
  },
  terms,
});
