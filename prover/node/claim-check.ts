import type { FlatState } from '../../src/state/flat-state.js';
import { StateTrie } from '../../src/trie/state.js';
import { MemoryTrieStore, readerOf } from '../../src/trie/store.js';
import { accessesOf } from './changes.js';
import { checkLeaves, corrupt } from './leaves.js';
import type { Roots } from './roots.js';

/** A state root that does not come from this node's stores. */
export interface AgreedRoot {
  /** The batch after which it is; 0: the genesis. */
  readonly number: bigint;
  readonly root: bigint;
}

/**
 * The root after batch `to`, made anew from an agreed one by what the change sets in between say. Nothing is believed that does not follow
 * from that root: nodes are compared with their digests, and what the batches found with the leaves.
 * @throws StateError `STATE_CORRUPT`, `STATE_PRUNED`; TrieError `TRIE_STORE_DAMAGED`, `TRIE_ROOT_MISSING`
 */
export function rootFrom(
  { state, roots }: { readonly state: FlatState; readonly roots: Roots },
  agreed: AgreedRoot,
  to: bigint,
): Promise<bigint> {
  return roots.at(agreed.number, async (base, own, merkleiser) => {
    if (own !== agreed.root) {
      throw corrupt(
        `The root after batch ${agreed.number} is ${own} in the trie store, and ${agreed.root} is agreed on.`,
      );
    }
    const accesses = await accessesOf(state, agreed.number, to);
    const nodes = await merkleiser.nodesAround(base, accesses);
    checkLeaves(readerOf(nodes), own, accesses, `after batch ${agreed.number}`);
    const store = new MemoryTrieStore();
    await store.write(nodes);
    return new StateTrie(store).applyChanges(own, accesses);
  });
}
