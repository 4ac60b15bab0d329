import type { Term } from '../bus/tuple.js';
import { defineChip } from './chip.js';
import { childOf, ref } from './lib/trie.js';

/** What all variants share: position of X, first nibble n, digests with and without it, path of Y with w = 16^len. */
const COMMON = { trie: 1, q: 1, d: 1, n: 1, X: 1, Y: 1, path: 1, w: 1, second: 1 } as const;
const AT_ZERO = { trie: 0n, q: 0n, d: 0n, n: 0n, second: 0n, s: 0n } as const;

interface OpenRow {
  readonly trie: bigint;
  readonly q: bigint;
  readonly d: bigint;
  readonly n: bigint;
  readonly X: bigint;
  readonly Y: bigint;
  readonly s: bigint;
}

function terms(row: OpenRow): Term[] {
  return [ref(-row.s, row.X, row), ref(row.s, row.Y, childOf(row, row.n))];
}

/** An extension loses its first nibble: X@p = Y@pn, s times (`circuits/chips/open.circom`). */
export const open2 = defineChip({
  name: 'open2',
  file: 'open',
  template: 'Open(2)',
  outputs: 1,
  columns: { ...COMMON, s: 1 },
  padding: {
    ...AT_ZERO, // H2(256, 0) and H2(16, 0)
    X: 5211510452024709398765837063795556007611489399426590246849673497456310006863n,
    Y: 12244630547796847833018536909817305854028204552845322559569634715875563380078n,
    path: 16n,
    w: 16n,
  },
  terms,
});

/** A slot leaf loses its first nibble. */
export const open4 = defineChip({
  name: 'open4',
  file: 'open',
  template: 'Open(4)',
  outputs: 1,
  columns: { ...COMMON, more: 2, s: 1 },
  padding: {
    ...AT_ZERO, // H4(16, 0, 0, 0) and H4(1, 0, 0, 0)
    X: 9213409799352734186323329570140980090718342872664198904560733719311609877294n,
    Y: 12367897091404705650828429310777103242839675713861485408658822466779430954331n,
    path: 1n,
    w: 1n,
  },
  terms,
});

/** An account leaf loses its first nibble. */
export const open8 = defineChip({
  name: 'open8',
  file: 'open',
  template: 'Open(8)',
  outputs: 1,
  columns: { ...COMMON, more: 6, s: 1 },
  padding: {
    ...AT_ZERO, // H8(16, 0, ..., 0) and H8(1, 0, ..., 0)
    X: 20661600604055522971302551203169825727252908638403190699724126898106079330032n,
    Y: 21429348562018093483208151725714466617613100910588102650943268338426479215262n,
    path: 1n,
    w: 1n,
  },
  terms,
});
