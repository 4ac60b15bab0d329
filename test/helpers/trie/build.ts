import { buildTrie } from '../../../src/trie/build.js';
import type { LeafValue, TrieNode } from '../../../src/trie/node.js';
import type { Path } from '../../../src/trie/path.js';

/** The whole trie of a map, built at once, with its nodes. */
export function buildAll(all: ReadonlyMap<Path, LeafValue>): { root: bigint; nodes: Map<bigint, TrieNode> } {
  const leaves = [...all].map(([key, value]) => ({ key, value })).sort((a, b) => (a.key < b.key ? -1 : 1));
  const nodes = new Map<bigint, TrieNode>();
  const steps = buildTrie(leaves);
  for (;;) {
    const step = steps.next();
    if (step.done) return { root: step.value, nodes };
    nodes.set(step.value[0], step.value[1]);
  }
}
