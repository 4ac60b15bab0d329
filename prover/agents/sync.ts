import type { Hex } from 'viem';
import type { L2Node } from '../node/node.js';
import type { L1Account } from './l1-account.js';

/**
 * Brings a node to the batches that L1 knows at `block`: takes back what an L1 reorg removed, executes what is new. Everything
 * comes from logs and calldata; L1 is the truth, the node's store a cache.
 */
export async function syncBatches(
  node: L2Node,
  { rollup, contracts }: Pick<L1Account, 'rollup' | 'contracts'>,
  block: { readonly number: bigint; readonly hash: Hex },
): Promise<void> {
  const at = { blockHash: block.hash };
  let common = node.head;
  while (common > 0n && (await rollup.batchHash(common, at)) !== (await node.state.batchHash(common))) common--;
  if (common < node.head) await node.state.revertTo(common);
  const { latest } = await rollup.view(at);
  if (latest <= node.head) return;
  // A challenger reads few batches at a time, so that looking from the first block on costs less than keeping a place.
  const posted = await rollup.batches({ fromBlock: firstBlock(contracts.block), toBlock: block.number });
  for (const { header, txs } of posted) {
    if (header.number === node.head + 1n) await node.apply({ header, txs });
  }
}

/** The Rollup is deployed shortly before the last of the contracts. */
function firstBlock(last: bigint): bigint {
  return last > 10n ? last - 10n : 0n;
}
