import type { Hex } from 'viem';
import { TrieError } from '../errors/trie.js';

/**
 * Nibbles of a key or a part of it: lower-case hexadecimal digits without `0x`. A whole key has 64. Strings are compact,
 * compare in trie order and slice cheaply.
 */
export type Path = string;

/** Nibbles of a key. */
const KEY_NIBBLES = 64;
/** The last two nibbles of a key (`tail`) stand apart, so that every path number is below 16^63 < r. */
export const TAIL_NIBBLES = 2;
/** No branch stands deeper, no hint names more. */
export const MAX_DEPTH = KEY_NIBBLES - TAIL_NIBBLES;

/** The 64 nibbles of a 32-byte key. Throws {@link TrieError} `TRIE_BAD_STATEMENT` for anything else. */
export function pathOfKey(key: Hex): Path {
  if (!/^0x[0-9a-f]{64}$/.test(key)) {
    throw new TrieError('TRIE_BAD_STATEMENT', `${key} is not a key of 32 bytes in lower-case hex.`);
  }
  return key.slice(2);
}

/** "1 then the nibbles" as a hexadecimal number: 16^len + value. The empty path is 1. */
export function pathNumber(path: Path): bigint {
  return BigInt(`0x1${path}`);
}

/** A leaf's path as its digest has it: number of all but the last two nibbles, value of those two. */
export function splitPath(path: Path): { readonly head: bigint; readonly tail: bigint } {
  if (path.length < TAIL_NIBBLES) {
    throw new TrieError('TRIE_KEYS_TOO_CLOSE', `A leaf is left with ${path.length} nibbles; keys differ within 62.`);
  }
  return { head: pathNumber(path.slice(0, -TAIL_NIBBLES)), tail: BigInt(`0x${path.slice(-TAIL_NIBBLES)}`) };
}

/** A position in a trie without the trie: q = 1 followed by the d nibbles on the way to it. */
export interface Position {
  readonly q: bigint;
  readonly d: bigint;
}

/** Position after the nibbles of `path`. */
export function positionOf(path: Path): Position {
  return { q: pathNumber(path), d: BigInt(path.length) };
}

/** A whole key split at depth d (0..62): its position there and the rest as a leaf there would have it. */
export function splitKey(key: Path, depth: number): Position & { readonly head: bigint; readonly tail: bigint } {
  return { ...positionOf(key.slice(0, depth)), ...splitPath(key.slice(depth)) };
}

/** Length of the common start of two paths. */
export function commonPrefix(a: Path, b: Path): number {
  const end = Math.min(a.length, b.length);
  let n = 0;
  while (n < end && a[n] === b[n]) n++;
  return n;
}
