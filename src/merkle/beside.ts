import type { DiffItem } from '../batch/diff.js';
import { Turns } from '../batch/turns.js';
import type { NodeReader, TrieNode } from '../trie/node.js';
import { readerOf } from '../trie/store.js';
import { changeState } from './change.js';
import type { Hasher } from './hasher.js';
import { accountChanges } from './update.js';

/** A state, and the nodes of it and of the one that it was made from. */
export interface StateAfter {
  readonly root: bigint;
  readonly nodes: NodeReader;
}

/**
 * Begins to make the state `root` after a diff, all nodes in memory. When this has resolved the hasher's threads hash, also while this
 * thread does something else without a break; the returned function waits for them, takes part and collects the nodes.
 * @param known by digest, all that updating the keys of the diff looks at
 * @throws TrieError `TRIE_BAD_STATEMENT`, `TRIE_KEYS_TOO_CLOSE`, `TRIE_NODE_MISSING`; EngineError `ENGINE_MEMORY`
 */
export async function beginState(
  root: bigint,
  diff: readonly DiffItem[],
  known: ReadonlyMap<bigint, TrieNode>,
  hasher: Hasher,
): Promise<() => Promise<StateAfter>> {
  const turns = new Turns();
  const { top } = await changeState(root, await accountChanges(diff, turns), known, turns);
  if (typeof top === 'bigint') return async () => ({ root: top, nodes: readerOf(known) });
  const hashed = await hasher.begin(top);
  return async () => {
    const list = await hashed();
    const nodes = new Map(known);
    for (const { digest, node } of await list.nodes(turns)) nodes.set(digest, node);
    return { root: list.root(), nodes: readerOf(nodes) };
  };
}
