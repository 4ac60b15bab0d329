import { TrieError } from '../errors/trie.js';
import { nodeKey } from './record.js';
import type { NodeKey, Place, StateNodes, StateUpdate } from './types.js';

/** The nodes of the state that an update makes of another. */
export function overlay(nodes: StateNodes, { root, put, del }: Omit<StateUpdate, 'old'>): StateNodes {
  const gone: ReadonlySet<NodeKey> = new Set(del);
  const getMany = async (places: readonly Place[]): Promise<Uint8Array[]> => {
    const keys = places.map(nodeKey);
    const empty = keys.findIndex((key) => gone.has(key));
    if (empty >= 0) throw placeEmpty(places[empty]!);
    const below = await nodes.getMany(places.filter((_, i) => !put.has(keys[i]!)));
    let next = 0;
    return keys.map((key) => put.get(key) ?? below[next++]!);
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
