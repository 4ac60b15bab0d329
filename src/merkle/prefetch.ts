import { below, type Step } from '../trie/load.js';
import type { TrieNode } from '../trie/node.js';
import type { Path } from '../trie/path.js';
import type { AccountChange } from './change.js';
import type { Turns } from './turns.js';
import type { Place, StateNodes } from './types.js';

/** A node that is wanted: where it stands, its digest, and the keys that lead to it, from there on. */
type Wanted = Place & Omit<Step, 'step'>;

/**
 * Reads all nodes that a change of these accounts and slots looks at (`below`), one `getMany` for each level of depth; an account's storage
 * begins as soon as its leaf is known. Digests are the ones that parents name, and are not checked.
 * @returns the nodes by digest
 * @throws TrieError `TRIE_NODE_MISSING`
 */
export async function prefetch(
  nodes: StateNodes,
  accounts: readonly AccountChange[],
  turns: Turns,
): Promise<Map<bigint, TrieNode>> {
  const slots = new Map(accounts.map(({ key, slots }) => [key, slots.map((slot) => slot.key)]));
  const known = new Map<bigint, TrieNode>();
  let front: Wanted[] = [{ trie: '', path: '', digest: nodes.root, rest: [...slots.keys()] }];
  while (front.length > 0) {
    front = front.filter(({ digest }) => digest !== 0n);
    const missing = new Map<bigint, Place>();
    for (const { digest, trie, path } of front) if (!known.has(digest)) missing.set(digest, { trie, path });
    await turns.give();
    const found = await nodes.getMany([...missing.values()]);
    let next = 0;
    for (const digest of missing.keys()) known.set(digest, found[next++]!);
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

/** The top of an account's storage, when this is its leaf and some of its slots are wanted. */
function storageBelow(node: TrieNode, path: Path, slots: ReadonlyMap<Path, readonly Path[]>): Wanted | undefined {
  if (node.kind !== 'leaf' || node.value.kind !== 'account') return undefined;
  const trie = path + node.path;
  const rest = slots.get(trie) ?? [];
  return rest.length === 0 ? undefined : { trie, path: '', digest: node.value.storageRoot, rest };
}
