import type { AccountAccess } from '../batch/types.js';
import { TrieError } from '../errors/trie.js';
import type { TrieNode } from '../trie/node.js';
import { accountAt, hashedKey, type StorageAccess, storageOf } from '../trie/state.js';
import { readerOf } from '../trie/store.js';
import { loadPlaces } from './load.js';
import type { StateNodes } from './types.js';

/**
 * The nodes, by digest, that `trieRows` (src/trace/trie/rows.ts) and updates look up for an access list in one state: what
 * `StateTrie.nodesAround` gives for its root.
 * @throws TrieError `TRIE_BAD_STATEMENT` (slots of an account that is not listed), `TRIE_STORE_DAMAGED`, `TRIE_NODE_MISSING`
 */
export async function nodesAround(
  nodes: StateNodes,
  accesses: readonly AccountAccess[],
  slots: StorageAccess = storageOf(accesses),
): Promise<Map<bigint, TrieNode>> {
  const found = new Map<bigint, TrieNode>();
  const listed = new Set(accesses.map(({ address }) => address));
  for (const address of slots.keys()) {
    if (!listed.has(address)) {
      throw new TrieError('TRIE_BAD_STATEMENT', `Slots of ${address} are listed, but the account is not.`);
    }
  }
  await loadPlaces(nodes, [{ trie: '', root: nodes.root, keys: [...listed].map(hashedKey) }], found);
  const get = readerOf(found);
  const storage = Array.from(slots, ([address, list]) => {
    const trie = hashedKey(address);
    const root = accountAt(get, nodes.root, trie)?.storageRoot ?? 0n;
    return { trie, root, keys: list.map(({ slot }) => hashedKey(slot)) };
  });
  await loadPlaces(nodes, storage, found);
  return found;
}
