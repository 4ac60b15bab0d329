import { toLimbs } from '../bus/field.js';
import { poseidon } from '../engine/poseidon.js';
import type { TrieNode } from './node.js';
import { pathNumber, splitPath } from './path.js';

/**
 * What a node's digest hashes; the number of inputs tells the kind: branch 16 (children), extension 2 (path, child), slot
 * leaf 4 (head, tail, hi, lo), account leaf 8 (head, tail, nonce, balance hi lo, code hash hi lo, storage root).
 * Throws TrieError `TRIE_KEYS_TOO_CLOSE` for a leaf with less than two nibbles left.
 */
export function digestInputs<Ref>(node: TrieNode<Ref>): readonly (bigint | Ref)[] {
  if (node.kind === 'branch') return node.children;
  if (node.kind === 'extension') return [pathNumber(node.path), node.child];
  const { head, tail } = splitPath(node.path);
  if (node.value.kind === 'slot') return [head, tail, ...toLimbs(node.value.value)];
  const { account, storageRoot } = node.value;
  return [head, tail, account.nonce, ...toLimbs(account.balance), ...toLimbs(BigInt(account.codeHash)), storageRoot];
}

/** A node's digest. The state root is the digest of the account trie's top node, 0 when there is none. */
export function digestOf(node: TrieNode): bigint {
  return poseidon(digestInputs(node));
}
