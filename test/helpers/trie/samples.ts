import type { Random } from '../chips/random.js';

/** Positions and paths for rows of trie chips. */

/** A trie, a depth and the nibbles to it; never 0, so that a mutation of any of them shows. */
export function randomPlace(random: Random, depth = 1 + random.int(62)): { trie: bigint; q: bigint; d: bigint } {
  return { trie: 1n + random.bits(8), q: pathOf(random, depth), d: BigInt(depth) };
}

/** A canonical path number of `len` nibbles. */
export function pathOf(random: Random, len: number): bigint {
  return 16n ** BigInt(len) + random.bits(4 * len);
}

/** The path columns of a path of `len` nibbles. */
export function pathColumns(random: Random, len: number): { path: bigint; w: bigint; len: bigint } {
  return { path: pathOf(random, len), w: 16n ** BigInt(len), len: BigInt(len) };
}

/** A multiplicity that is neither 0 nor 1. */
export function weight(random: Random): bigint {
  return 2n + random.bits(16);
}
