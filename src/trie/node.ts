import type { Account } from '../batch/types.js';
import type { Path } from './path.js';

/** Content of a slot's leaf: its value, not 0. */
export interface SlotValue {
  readonly kind: 'slot';
  readonly value: bigint;
}

/** Content of an account's leaf: its fields and the root of its storage trie (0: no storage). */
export interface AccountValue {
  readonly kind: 'account';
  readonly account: Account;
  readonly storageRoot: bigint;
}

/** Content of a leaf. */
export type LeafValue = SlotValue | AccountValue;

/** Sixteen children by nibble, digests, 0 for none; at least two are not 0. */
export interface BranchNode {
  readonly kind: 'branch';
  readonly children: readonly bigint[];
}

/** A shared path of one nibble or more down to a branch. */
export interface ExtensionNode {
  readonly kind: 'extension';
  readonly path: Path;
  readonly child: bigint;
}

/** The rest of a key, two nibbles or more, and its content. */
export interface LeafNode {
  readonly kind: 'leaf';
  readonly path: Path;
  readonly value: LeafValue;
}

/** A node of Ethereum's hexary trie. Its name is its digest (digest.ts); digest 0 means nothing. */
export type TrieNode = BranchNode | ExtensionNode | LeafNode;

/** Looks a node up by its digest. Throws TrieError `TRIE_NODE_MISSING`. */
export type NodeReader = (digest: bigint) => TrieNode;

/** Whether two leaves hold the same. */
export function sameValue(a: LeafValue, b: LeafValue): boolean {
  if (a.kind === 'slot') return b.kind === 'slot' && a.value === b.value;
  return (
    b.kind === 'account' &&
    a.storageRoot === b.storageRoot &&
    a.account.nonce === b.account.nonce &&
    a.account.balance === b.account.balance &&
    a.account.codeHash === b.account.codeHash
  );
}

/** The content at a key of the trie `root`, null when the key is absent. */
export function findLeaf(root: bigint, key: Path, get: NodeReader): LeafValue | null {
  let digest = root;
  for (let depth = 0; digest !== 0n; ) {
    const node = get(digest);
    if (node.kind === 'leaf') return node.path === key.slice(depth) ? node.value : null;
    if (node.kind === 'branch') {
      digest = node.children[Number.parseInt(key[depth]!, 16)]!;
      depth++;
    } else {
      if (!key.startsWith(node.path, depth)) return null;
      digest = node.child;
      depth += node.path.length;
    }
  }
  return null;
}
