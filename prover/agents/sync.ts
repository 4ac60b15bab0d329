import type { Hex } from 'viem';
import type { L2Node } from '../node/node.js';
import type { L1Account } from './l1-account.js';

/** What the node follows: the rollup as one account sees it. */
type Source = Pick<L1Account, 'rollup' | 'contracts'>;

/**
 * Where the announcement of a batch comes from, `undefined` when there is none in time. What it says is not trusted: it only decides when a root
 * is ready.
 */
export type Announcements = (number: bigint, batchHash: Hex) => Promise<Hex | undefined>;

/** The L1 block that a node is brought to. */
interface At {
  readonly number: bigint;
  readonly hash: Hex;
}

/**
 * Brings a node to the batches that L1 knows at `block`: takes back what an L1 reorg removed, executes what is new. Everything
 * comes from logs and calldata; L1 is the truth, the node's store a cache.
 */
export async function syncBatches(node: L2Node, source: Source, block: At, announced?: Announcements): Promise<void> {
  await takeBackBatches(node, source, block);
  await catchUp(node, source, block, announced);
}

/** Takes back the batches that L1 does not know at `block`. Then all that the node has is true there, though maybe not all. */
export async function takeBackBatches(node: L2Node, { rollup }: Source, { hash: blockHash }: At): Promise<void> {
  let common = node.head;
  while (common > 0n && (await rollup.batchHash(common, { blockHash })) !== (await node.state.batchHash(common))) {
    common--;
  }
  if (common < node.head) await node.state.revertTo(common);
}

/**
 * Executes the batches of L1 at `block` that the node does not have; call {@link takeBackBatches} before.
 * @param announced asked for the newest of them alone
 */
export async function catchUp(
  node: L2Node,
  { rollup, contracts }: Source,
  block: At,
  announced: Announcements = async () => undefined,
): Promise<void> {
  const at = { blockHash: block.hash };
  const { latest } = await rollup.view(at);
  if (latest <= node.head) return;
  // A challenger reads few batches at a time, so that looking from the first block on costs less than keeping a place.
  const posted = await rollup.batches({ fromBlock: firstBlock(contracts.block), toBlock: block.number });
  for (const { header, txs, hash } of posted) {
    if (header.number !== node.head + 1n) continue;
    // Logs are asked for by block number: after a reorg since `block` they are another fork's.
    if (hash !== (await rollup.batchHash(header.number, at))) return;
    // Roots of a backlog are made merged, behind execution: who announces its batches slowly must not hold all of it up.
    const announcement = header.number === latest ? await announced(header.number, hash) : undefined;
    await node.apply({ header, txs }, announcement);
  }
}

/** The Rollup is deployed shortly before the last of the contracts. */
function firstBlock(last: bigint): bigint {
  return last > 10n ? last - 10n : 0n;
}
