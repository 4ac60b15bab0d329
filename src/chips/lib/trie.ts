import { mod } from '../../bus/field.js';
import { type Term, term } from '../../bus/tuple.js';

/** A place in a trie, as every trie tuple has it; d and q are field elements. */
export interface Place {
  readonly trie: bigint;
  readonly q: bigint;
  readonly d: bigint;
}

/** The root of a trie. */
export function rootOf(trie: bigint): Place {
  return { trie, q: 1n, d: 0n };
}

/** The place under nibble n. */
export function childOf({ trie, q, d }: Place, n: bigint): Place {
  return { trie, q: mod(16n * q + n), d: d + 1n };
}

/** The place after a whole path, w = 16^len. */
export function after({ trie, q, d }: Place, path: bigint, w: bigint, len: bigint): Place {
  return { trie, q: mod(q * w + path - w), d: d + len };
}

/** s times X@p: REF with weight s*X. */
export function ref(s: bigint, X: bigint, { trie, q, d }: Place): Term {
  return term(mod(s * X), 'REF', { X, trie, q, d });
}

/** weight times AT(X, p). */
export function at(weight: bigint, X: bigint, { trie, q, d }: Place): Term {
  return term(mod(weight), 'AT', { X, trie, q, d });
}
