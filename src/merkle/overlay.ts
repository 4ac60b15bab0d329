import { TrieError } from '../errors/trie.js';
import type { TrieNode } from '../trie/node.js';
import { nodeKey } from './record.js';
import type { Place, StateNodes, StateUpdate } from './types.js';

/** The nodes of the state that an update makes of another. */
export function overlay(nodes: StateNodes, { root, put, del }: StateUpdate): StateNodes {
  const changed = new Map<string, TrieNode | undefined>(put.map((placed) => [nodeKey(placed), placed.node]));
  for (const place of del) changed.set(nodeKey(place), undefined);
  const getMany = async (places: readonly Place[]): Promise<TrieNode[]> => {
    const keys = places.map(nodeKey);
    const below = await nodes.getMany(places.filter((_, i) => !changed.has(keys[i]!)));
    let next = 0;
    return places.map((place, i) => {
      const node = changed.has(keys[i]!) ? changed.get(keys[i]!) : below[next++];
      if (node === undefined) throw placeEmpty(place);
      return node;
    });
  };
  return { root, getMany };
}

/** The error of a place where nothing stands. */
export function placeEmpty({ trie, path }: Place): TrieError {
  const where = trie === '' ? 'the account trie' : `the storage trie of ${trie}`;
  return new TrieError('TRIE_NODE_MISSING', `No node stands at '${path}' in ${where}.`, {
    hint: 'The trie store is damaged: build it anew.',
    details: { trie, path },
  });
}
