import { TrieError } from '../errors/trie.js';
import { digestOf } from './digest.js';
import type { LeafValue, TrieNode } from './node.js';
import { commonPrefix, type Path } from './path.js';

/** A key of 64 nibbles and its content. */
export interface Leaf {
  readonly key: Path;
  readonly value: LeafValue;
}

/** A node of {@link buildTrie}: its digest, itself, its place in the trie. */
export type BuiltNode = readonly [digest: bigint, node: TrieNode, path: Path];

/**
 * A whole trie at once, bottom-up, every node hashed once. `leaves` are strictly sorted by key. Yields every node with its
 * digest and the nibbles on the way to it, children first; returns the root (0 for no leaves).
 * @throws TrieError `TRIE_BAD_STATEMENT` (not sorted), `TRIE_KEYS_TOO_CLOSE`
 */
export function* buildTrie(leaves: readonly Leaf[]): Generator<BuiltNode, bigint> {
  leaves.forEach(({ key }, i) => {
    if (i > 0 && key <= leaves[i - 1]!.key) {
      throw new TrieError('TRIE_BAD_STATEMENT', `Leaves are not strictly sorted at ${key}.`);
    }
  });
  return leaves.length === 0 ? 0n : yield* subtree(leaves, 0, leaves.length, 0);
}

/** The subtree of leaves lo..hi-1 (at least one), which share their first `depth` nibbles. */
function* subtree(leaves: readonly Leaf[], lo: number, hi: number, depth: number): Generator<BuiltNode, bigint> {
  const { key: first, value } = leaves[lo]!;
  if (hi - lo === 1) return yield* done({ kind: 'leaf', path: first.slice(depth), value }, first.slice(0, depth));
  const fork = commonPrefix(first, leaves[hi - 1]!.key);
  const children = Array<bigint>(16).fill(0n);
  for (let from = lo; from < hi; ) {
    const nibble = leaves[from]!.key[fork]!;
    let to = from + 1;
    while (to < hi && leaves[to]!.key[fork] === nibble) to++;
    children[Number.parseInt(nibble, 16)] = yield* subtree(leaves, from, to, fork + 1);
    from = to;
  }
  const branch = yield* done({ kind: 'branch', children }, first.slice(0, fork));
  if (fork === depth) return branch;
  return yield* done({ kind: 'extension', path: first.slice(depth, fork), child: branch }, first.slice(0, depth));
}

function* done(node: TrieNode, path: Path): Generator<BuiltNode, bigint> {
  const digest = digestOf(node);
  yield [digest, node, path];
  return digest;
}
