import type { Hex } from 'viem';
import type { AccountAccess } from '../../src/batch/types.js';
import { EMPTY_ACCOUNT } from '../../src/batch/types.js';
import { StateError } from '../../src/errors/state.js';
import { findLeaf, type TrieNode } from '../../src/trie/node.js';
import { accountAt, hashedKey } from '../../src/trie/state.js';

/**
 * Compares what a batch has read from the flat state with the leaves of the trie under the root before it: two stores that were written
 * apart, so that a damaged record in either shows before anything is staked on it.
 * @param nodes those that the access list leads to, by digest
 * @throws StateError `STATE_CORRUPT`
 */
export function checkPreState(
  number: bigint,
  preRoot: bigint,
  nodes: ReadonlyMap<bigint, TrieNode>,
  accessList: readonly AccountAccess[],
): void {
  const get = (digest: bigint) => nodes.get(digest)!;
  for (const { address, pre, slots = [] } of accessList) {
    const leaf = accountAt(get, preRoot, hashedKey(address));
    const { nonce, balance, codeHash } = leaf?.account ?? EMPTY_ACCOUNT;
    if (pre.nonce !== nonce || pre.balance !== balance || pre.codeHash !== codeHash) {
      throw corrupt(number, `account ${address}`);
    }
    for (const { key, pre: value } of slots) {
      const slot = leaf === null ? null : findLeaf(leaf.storageRoot, hashedKey(key), get);
      const stored = slot?.kind === 'slot' ? slot.value : 0n;
      if (stored !== value) throw corrupt(number, `slot ${key satisfies Hex} of ${address}`);
    }
  }
}

function corrupt(number: bigint, what: string): StateError {
  const message = `The flat state before batch ${number} differs from its trie at ${what}: one of the stores is damaged.`;
  const hint =
    'Nothing was staked on it. Stop, remove the folder and start again: the node follows L1 from its genesis.';
  return new StateError('STATE_CORRUPT', message, { hint, details: { number: number.toString(), what } });
}
