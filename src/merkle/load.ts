import { digestOf } from '../trie/digest.js';
import { below, type Step } from '../trie/load.js';
import type { TrieNode } from '../trie/node.js';
import type { Path } from '../trie/path.js';
import { storeDamaged } from './record.js';
import { Turns } from './turns.js';
import type { Place, StateNodes } from './types.js';

/** A trie by its id and root, and keys whose surroundings are wanted. */
export interface WantedTrie {
  readonly trie: Path;
  readonly root: bigint;
  readonly keys: readonly Path[];
}

/**
 * `loadPaths` (src/trie/load.ts) for nodes that are found by place: the same nodes, by digest, one look-up per level of depth. Each node's
 * digest is computed and compared with the one that its parent names.
 * @throws TrieError `TRIE_STORE_DAMAGED` (another node stands there), `TRIE_NODE_MISSING` (none does)
 */
export async function loadPlaces(
  nodes: StateNodes,
  wanted: readonly WantedTrie[],
  into: Map<bigint, TrieNode>,
): Promise<void> {
  const turns = new Turns();
  let front: (Place & Omit<Step, 'step'>)[] = wanted.map(({ trie, root, keys }) => ({
    trie,
    path: '',
    digest: root,
    rest: keys,
  }));
  while (front.length > 0) {
    front = front.filter(({ digest }) => digest !== 0n);
    const missing = new Map<bigint, Place>();
    for (const { digest, trie, path } of front) if (!into.has(digest)) missing.set(digest, { trie, path });
    const found = await nodes.getMany([...missing.values()]);
    let next = 0;
    for (const [digest, place] of missing) {
      const node = found[next++]!;
      if (digestOf(node) !== digest) {
        throw storeDamaged(`the node at '${place.path}' of trie '${place.trie}' is not the one that its parent names`);
      }
      into.set(digest, node);
      await turns.give();
    }
    front = front.flatMap(({ digest, rest, trie, path }) => {
      if (rest.length === 0) return [];
      return below(into.get(digest)!, rest).map((on) => ({ ...on, trie, path: path + on.step }));
    });
  }
}
