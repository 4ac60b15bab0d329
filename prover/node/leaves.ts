import { keccak256 } from 'viem';
import { type Account, type AccountAccess, isEmptyAccount, type Replay } from '../../src/batch/types.js';
import { RESYNC, StateError } from '../../src/errors/state.js';
import { findLeaf, type NodeReader } from '../../src/trie/node.js';
import { accountAt, hashedKey } from '../../src/trie/state.js';

/**
 * Compares what the flat state says before a batch with the leaves of the tries under the root before it.
 * @param nodes of these tries, whose digests were checked
 * @param when for the message: `before batch 31`
 * @throws StateError `STATE_CORRUPT`, naming the account or slot
 */
export function checkLeaves(nodes: NodeReader, root: bigint, accesses: readonly AccountAccess[], when: string): void {
  for (const { address, pre, slots = [] } of accesses) {
    const leaf = accountAt(nodes, root, hashedKey(address));
    if (leaf === null ? !isEmptyAccount(pre) : !sameAccount(leaf.account, pre))
      throw differs(`account ${address}`, when);
    for (const { key, pre } of slots) {
      const slot = findLeaf(leaf?.storageRoot ?? 0n, hashedKey(key), nodes);
      if ((slot?.kind === 'slot' ? slot.value : 0n) !== pre) throw differs(`slot ${key} of ${address}`, when);
    }
  }
}

/** Compares the codes that a batch ran with their hashes. @throws StateError `STATE_CORRUPT` */
export function checkCodes(codes: Replay['codes']): void {
  for (const [hash, code] of codes) {
    if (code !== '0x' && keccak256(code) !== hash) throw corrupt(`The code ${hash} in the state store is damaged.`);
  }
}

/** The error of a node whose stores contradict each other or L1. */
export function corrupt(message: string): StateError {
  return new StateError('STATE_CORRUPT', message, { hint: RESYNC });
}

function differs(what: string, when: string): StateError {
  return corrupt(`The ${what} ${when} is not the same in the state store as in the tries: one of them is damaged.`);
}

function sameAccount(a: Account, b: Account): boolean {
  return a.nonce === b.nonce && a.balance === b.balance && a.codeHash === b.codeHash;
}
