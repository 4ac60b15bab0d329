import type { Address, Hex } from 'viem';
import type { Replay } from '../../src/batch/types.js';
import type { BatchRequest } from '../../src/trace/request.js';
import type { TrieNode } from '../../src/trie/node.js';

/**
 * What a prover needs for a batch: the accounts, slots and codes that it touches.
 * @param nodes those of the state before it that its access list leads to, by digest
 */
export function cutOut(
  nodes: ReadonlyMap<bigint, TrieNode>,
  what: Pick<BatchRequest, 'rules' | 'batch' | 'mode' | 'preRoot'>,
  { accessList, codes }: Pick<Replay, 'accessList' | 'codes'>,
): BatchRequest {
  const accounts = new Map(accessList.map(({ address, pre }) => [address, pre]));
  const slots = new Map<Address, Map<Hex, bigint>>();
  for (const { address, slots: touched = [] } of accessList) {
    const present = touched.filter(({ pre }) => pre !== 0n);
    if (present.length > 0) slots.set(address, new Map(present.map(({ key, pre }) => [key, pre])));
  }
  return { ...what, accounts, slots, codes, nodes };
}
