import type { Turns } from '../batch/turns.js';
import { decodeNode } from '../trie/codec.js';
import { below, type Step } from '../trie/load.js';
import type { TrieNode } from '../trie/node.js';
import type { Path } from '../trie/path.js';
import { nodeKey } from './record.js';
import type { NodeKey, Place, StateNodes } from './types.js';

/** A node that is wanted: where it stands, its digest, and the keys that lead to it, from there on. */
type Wanted = Place & Omit<Step, 'step'>;

/** A node that was read, and its bytes. */
export interface ReadNode {
  readonly node: TrieNode;
  readonly bytes: Uint8Array;
}

/** What {@link prefetch} has read. */
export interface Prefetched {
  readonly known: Map<bigint, TrieNode>;
  /** The same by place, all places. */
  readonly read: ReadonlyMap<NodeKey, ReadNode>;
}

/**
 * Reads all nodes that reading, changing or tracing these keys of the account trie, and these slots below them, looks at (`below`): one
 * `getMany` for each level of depth, all tries at once; an account's storage begins as soon as its leaf is known.
 * @param slots keys of slots by the account's key; an account that is not in it has its storage left alone
 * @param check told each node with the digest that its parent names; nobody compares them when absent
 * @throws TrieError `TRIE_NODE_MISSING`; what `check` throws
 */
export async function prefetch(
  nodes: StateNodes,
  accounts: readonly Path[],
  slots: ReadonlyMap<Path, readonly Path[]>,
  turns: Turns,
  check: (node: TrieNode, digest: bigint, place: Place) => void = () => {},
): Promise<Prefetched> {
  const byDigest = new Map<bigint, ReadNode>();
  const known = new Map<bigint, TrieNode>();
  const read = new Map<NodeKey, ReadNode>();
  let front: Wanted[] = [{ trie: '', path: '', digest: nodes.root, rest: accounts }];
  while (front.length > 0) {
    front = front.filter(({ digest }) => digest !== 0n);
    const missing = new Map<bigint, Place>();
    for (const { digest, trie, path } of front) if (!byDigest.has(digest)) missing.set(digest, { trie, path });
    if (turns.due) await turns.give();
    const found = await nodes.getMany([...missing.values()]);
    let next = 0;
    for (const [digest, place] of missing) {
      const bytes = found[next++]!;
      const node = decodeNode(bytes);
      check(node, digest, place);
      byDigest.set(digest, { node, bytes });
      known.set(digest, node);
      if (turns.due) await turns.give();
    }
    const deeper: Wanted[] = [];
    for (const { digest, trie, path, rest } of front) {
      if (turns.due) await turns.give();
      const found = byDigest.get(digest)!;
      read.set(nodeKey({ trie, path }), found);
      if (rest.length === 0) continue;
      const { node } = found;
      const storage = trie === '' ? storageBelow(node, path, slots) : undefined;
      if (storage !== undefined) deeper.push(storage);
      for (const on of below(node, rest)) deeper.push({ ...on, trie, path: path + on.step });
    }
    front = deeper;
  }
  return { known, read };
}

/** The top of an account's storage, when this is its leaf and its storage is wanted. */
function storageBelow(node: TrieNode, path: Path, slots: ReadonlyMap<Path, readonly Path[]>): Wanted | undefined {
  if (node.kind !== 'leaf' || node.value.kind !== 'account') return undefined;
  const trie = path + node.path;
  const rest = slots.get(trie);
  return rest && { trie, path: '', digest: node.value.storageRoot, rest };
}
