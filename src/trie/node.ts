import type { Account } from '../batch/types.js';
import type { Path } from './path.js';

/** Content of a slot's leaf: its value, not 0. */
export interface SlotValue {
  readonly kind: 'slot';
  readonly value: bigint;
}

/** Content of an account's leaf: its fields and the root of its storage trie (0: no storage). */
export interface AccountValue<Ref = bigint> {
  readonly kind: 'account';
  readonly account: Account;
  readonly storageRoot: Ref;
}

/** Content of a leaf. */
export type LeafValue<Ref = bigint> = SlotValue | AccountValue<Ref>;

/** Sixteen children by nibble, digests, 0 for none; at least two are not 0. */
export interface BranchNode<Ref = bigint> {
  readonly kind: 'branch';
  readonly children: readonly Ref[];
}

/** A shared path of one nibble or more down to a branch. */
export interface ExtensionNode<Ref = bigint> {
  readonly kind: 'extension';
  readonly path: Path;
  readonly child: Ref;
}

/** The rest of a key, two nibbles or more, and its content. */
export interface LeafNode<Ref = bigint> {
  readonly kind: 'leaf';
  readonly path: Path;
  readonly value: LeafValue<Ref>;
}

/** A node of Ethereum's hexary trie. Its name is its digest (digest.ts); digest 0 means nothing. */
export type TrieNode<Ref = bigint> = BranchNode<Ref> | ExtensionNode<Ref> | LeafNode<Ref>;

/** A node by digest (0: none), or one that is not hashed yet. */
export type DraftRef = bigint | Draft;

/** A node that is not hashed yet, above nodes that may not be hashed yet either. */
export type Draft = BranchNode<DraftRef> | ExtensionNode<DraftRef> | LeafNode<DraftRef>;

/** Looks a node up by its digest. Throws TrieError `TRIE_NODE_MISSING`. */
export type NodeReader = (digest: bigint) => TrieNode;

/** Whether two leaves hold the same. A storage trie that is not hashed yet is only the same as itself. */
export function sameValue(a: LeafValue<DraftRef>, b: LeafValue<DraftRef>): boolean {
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
