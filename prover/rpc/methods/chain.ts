import { createTxFromRLP } from '@ethereumjs/tx';
import { bigIntMin } from '@ethereumjs/util';
import type { Hex } from 'viem';
import { fromHex } from '../../../src/batch/bytes.js';
import type { Rules } from '../../../src/batch/types.js';
import { commonOf } from '../../../src/execution/batch-vm.js';
import type { BatchRecord } from '../../../src/state/record.js';
import { type BlockRef, findNumber, numberOf, type RpcContext } from '../context.js';
import { blockJson, genesisJson } from '../encode.js';
import { executedOf } from '../executed.js';
import { method } from '../method.js';
import { block, blockCount, blockHash, optional, percentiles, wholeTransactions } from '../parameters.js';
import { quantity } from '../quantity.js';

/** Blocks of one eth_feeHistory at most; it may answer with fewer than are asked for. */
const MAX_FEE_BLOCKS = 64n;

/** Methods about the chain, its blocks and its fees. */
export const chainMethods = {
  eth_chainId: method([], ({ rules }) => quantity(rules.chainId)),
  net_version: method([], ({ rules }) => rules.chainId.toString()),
  web3_clientVersion: method([], ({ clientVersion }) => clientVersion),
  eth_blockNumber: method([], ({ state }) => quantity(state.head)),
  eth_gasPrice: method([], async ({ rules, mempool }) => quantity(rules.baseFee + (await mempool.sufficientTip()))),
  eth_maxPriorityFeePerGas: method([], async ({ mempool }) => quantity(await mempool.sufficientTip())),
  eth_getBlockByNumber: method([block, optional(wholeTransactions, false)], getBlock),
  eth_getBlockByHash: method([blockHash, optional(wholeTransactions, false)], (context, hash, whole) =>
    getBlock(context, { hash }, whole),
  ),
  eth_feeHistory: method([blockCount, block, optional(percentiles, [])], feeHistory),
};

async function getBlock(context: RpcContext, ref: BlockRef, whole: boolean) {
  const number = await findNumber(context, ref);
  if (number === undefined) return null;
  return number === 0n
    ? genesisJson(context.rules)
    : blockJson(await context.state.batch(number), whole, context.rules);
}

async function feeHistory(context: RpcContext, wanted: bigint, newest: BlockRef, shares: readonly number[]) {
  const { rules, state } = context;
  const last = await numberOf(context, newest === 'pending' ? 'latest' : newest);
  const count = bigIntMin(wanted, MAX_FEE_BLOCKS, last + 1n);
  const oldest = last - count + 1n;
  const gasUsedRatio: number[] = [];
  const reward: string[][] = [];
  for (let number = oldest; number <= last; number++) {
    const record = number === 0n ? undefined : await state.batch(number);
    const gasUsed = record === undefined ? 0n : (executedOf(record).at(-1)?.cumulativeGas ?? 0n);
    gasUsedRatio.push(Number(gasUsed) / Number(rules.gasLimit));
    if (shares.length > 0) reward.push(record === undefined ? shares.map(() => '0x0') : rewards(record, shares, rules));
  }
  return {
    oldestBlock: quantity(oldest),
    // One more than blocks: the next block's, which is the same, since a rollup's base fee is constant.
    baseFeePerGas: [...gasUsedRatio, 0].map(() => quantity(rules.baseFee)),
    gasUsedRatio,
    ...(shares.length > 0 ? { reward } : {}),
  };
}

/** The tips at these percentiles of a batch's gas, in ascending order of tips. */
function rewards(record: BatchRecord, shares: readonly number[], rules: Rules): string[] {
  // Not by parseTransaction: a tip needs no recovery of the sender, which is what costs.
  const common = commonOf(rules.chainId);
  const tipOf = (raw: Hex) => createTxFromRLP(fromHex(raw), { common }).getEffectivePriorityFee(rules.baseFee);
  const paid = executedOf(record)
    .map(({ raw, gasUsed }) => ({ gasUsed, tip: tipOf(raw) }))
    .sort((a, b) => (a.tip < b.tip ? -1 : a.tip > b.tip ? 1 : 0));
  const total = paid.reduce((sum, { gasUsed }) => sum + gasUsed, 0n);
  return shares.map((share) => {
    let gas = 0n;
    const reached = paid.find(({ gasUsed }) => {
      gas += gasUsed;
      return Number(gas) >= (Number(total) * share) / 100;
    });
    return quantity(reached?.tip ?? 0n);
  });
}
