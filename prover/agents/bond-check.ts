import type { ClaimView, DisputeView } from '../../src/dispute/types.js';
import type { L2Node } from '../node/node.js';
import type { L1Account } from './l1-account.js';

/**
 * What speaks against an own result, asked before money is staked on it: L1, where a proof may have said what is true, and a second
 * execution of the batch on the state before it, which is compared with its trie.
 * @returns why the own node is wrong; undefined when nothing speaks against it
 */
export async function whyWrong(
  node: L2Node,
  l1: Pick<L1Account, 'dispute'>,
  { kind, number, value }: ClaimView,
  own: bigint,
  { block }: Pick<DisputeView, 'block'>,
): Promise<string | undefined> {
  const at = { blockHash: block.hash };
  const final = await l1.dispute.finalValue(kind, number, at);
  if (final === value) return `on L1 ${value} is final`;
  const preRoot = await node.rootAfter(number - 1n);
  const proven = await l1.dispute.proven(await node.state.batchHash(number), preRoot, kind, at);
  if (proven !== undefined) return proven.value === own ? undefined : `on L1 ${proven.value} is proven`;
  try {
    const { value: again } = await node.truth(number, kind);
    return again === own ? undefined : `executed again, the batch makes ${again}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
