import { Turns } from '../batch/turns.js';
import type { AccountAccess } from '../batch/types.js';
import { TrieError } from '../errors/trie.js';
import { digestOf } from '../trie/digest.js';
import type { TrieNode } from '../trie/node.js';
import type { Path } from '../trie/path.js';
import { hashedKey, type StorageAccess, storageOf } from '../trie/state.js';
import { prefetch } from './prefetch.js';
import { storeDamaged } from './record.js';
import type { Place, StateNodes } from './types.js';

/**
 * The nodes, by digest, that `trieRows` (src/trace/trie/rows.ts) and updates look up for an access list in one state: what
 * `StateTrie.nodesAround` gives for its root. Each node's digest is computed and compared with the one that its parent names.
 * @throws TrieError `TRIE_BAD_STATEMENT` (slots of an account that is not listed), `TRIE_STORE_DAMAGED`, `TRIE_NODE_MISSING`
 */
export async function nodesAround(
  nodes: StateNodes,
  accesses: readonly AccountAccess[],
  slots: StorageAccess = storageOf(accesses),
): Promise<Map<bigint, TrieNode>> {
  const keys = new Map(accesses.map(({ address }) => [address, hashedKey(address)]));
  const slotKeys = new Map<Path, Path[]>();
  for (const [address, list] of slots) {
    const key = keys.get(address);
    if (key === undefined) {
      throw new TrieError('TRIE_BAD_STATEMENT', `Slots of ${address} are listed, but the account is not.`);
    }
    slotKeys.set(
      key,
      list.map(({ slot }) => hashedKey(slot)),
    );
  }
  return (await prefetch(nodes, [...keys.values()], slotKeys, new Turns(), checkDigest)).known;
}

/** For {@link prefetch}. Throws TrieError `TRIE_STORE_DAMAGED` when another node stands there than the parent names. */
export function checkDigest(node: TrieNode, digest: bigint, { trie, path }: Place): void {
  if (digestOf(node) !== digest) {
    throw storeDamaged(`the node at '${path}' of trie '${trie}' is not the one that its parent names`);
  }
}
