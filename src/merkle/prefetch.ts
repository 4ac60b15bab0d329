import { below, type Step } from '../trie/load.js';
import type { TrieNode } from '../trie/node.js';
import type { Path } from '../trie/path.js';
import type { Turns } from './turns.js';
import type { Place, StateNodes } from './types.js';

/** A node that is wanted: where it stands, its digest, and the keys that lead to it, from there on. */
type Wanted = Place & Omit<Step, 'step'>;

/**
 * Reads all nodes that reading, changing or tracing these keys of the account trie, and these slots below them, looks at (`below`): one
 * `getMany` for each level of depth, all tries at once; an account's storage begins as soon as its leaf is known.
 * @param slots keys of slots by the account's key; an account that is not in it has its storage left alone
 * @param check told each node with the digest that its parent names; nobody compares them when absent
 * @returns the nodes by digest
 * @throws TrieError `TRIE_NODE_MISSING`; what `check` throws
 */
export async function prefetch(
  nodes: StateNodes,
  accounts: readonly Path[],
  slots: ReadonlyMap<Path, readonly Path[]>,
  turns: Turns,
  check: (node: TrieNode, digest: bigint, place: Place) => void = () => {},
): Promise<Map<bigint, TrieNode>> {
  const known = new Map<bigint, TrieNode>();
  let front: Wanted[] = [{ trie: '', path: '', digest: nodes.root, rest: accounts }];
  while (front.length > 0) {
    front = front.filter(({ digest }) => digest !== 0n);
    const missing = new Map<bigint, Place>();
    for (const { digest, trie, path } of front) if (!known.has(digest)) missing.set(digest, { trie, path });
    await turns.give();
    const found = await nodes.getMany([...missing.values()]);
    let next = 0;
    for (const [digest, place] of missing) {
      const node = found[next++]!;
      check(node, digest, place);
      known.set(digest, node);
      await turns.give();
    }
    const deeper: Wanted[] = [];
    for (const { digest, trie, path, rest } of front) {
      await turns.give();
      if (rest.length === 0) continue;
      const node = known.get(digest)!;
      const storage = trie === '' ? storageBelow(node, path, slots) : undefined;
      if (storage !== undefined) deeper.push(storage);
      for (const on of below(node, rest)) deeper.push({ ...on, trie, path: path + on.step });
    }
    front = deeper;
  }
  return known;
}

/** The top of an account's storage, when this is its leaf and its storage is wanted. */
function storageBelow(node: TrieNode, path: Path, slots: ReadonlyMap<Path, readonly Path[]>): Wanted | undefined {
  if (node.kind !== 'leaf' || node.value.kind !== 'account') return undefined;
  const trie = path + node.path;
  const rest = slots.get(trie);
  return rest && { trie, path: '', digest: node.value.storageRoot, rest };
}
