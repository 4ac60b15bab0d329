import { createTxFromRLP } from '@ethereumjs/tx';
import { bigIntMin } from '@ethereumjs/util';
import { type Hex, keccak256 } from 'viem';
import { fromHex } from '../../../src/batch/bytes.js';
import type { Rules } from '../../../src/batch/types.js';
import { commonOf } from '../../../src/execution/batch-vm.js';
import type { BatchRecord } from '../../../src/state/record.js';
import type { BlockRef } from '../block-ref.js';
import { findNumber, numberOf, type RpcContext } from '../context.js';
import { blockJson, genesisJson, receiptJson, transactionJson } from '../encode.js';
import { executedOf } from '../executed.js';
import { method } from '../method.js';
import {
  block,
  blockCount,
  blockHash,
  bytesParameter,
  optional,
  percentiles,
  transactionIndex,
  wholeTransactions,
} from '../parameters.js';
import { quantity } from '../quantity.js';

/** Blocks of one eth_feeHistory at most; it may answer with fewer than are asked for. */
const MAX_FEE_BLOCKS = 64n;

/** Methods about the chain, its blocks and its fees. */
export const chainMethods = {
  eth_chainId: method([], ({ rules }) => quantity(rules.chainId)),
  net_version: method([], ({ rules }) => rules.chainId.toString()),
  net_listening: method([], () => true),
  web3_sha3: method([bytesParameter], (_context, bytes) => keccak256(bytes)),
  /** The door opens when its node has all that L1 has. */
  eth_syncing: method([], () => false),
  /** Keys are the callers' own. */
  eth_accounts: method([], () => []),
  web3_clientVersion: method([], ({ clientVersion }) => clientVersion),
  eth_blockNumber: method([], ({ state }) => quantity(state.head)),
  eth_gasPrice: method([], async ({ rules, mempool }) => quantity(rules.baseFee + (await mempool.sufficientTip()))),
  eth_maxPriorityFeePerGas: method([], async ({ mempool }) => quantity(await mempool.sufficientTip())),
  eth_getBlockByNumber: method([block, optional(wholeTransactions, false)], getBlock),
  eth_getBlockByHash: method([blockHash, optional(wholeTransactions, false)], (context, hash, whole) =>
    getBlock(context, { hash }, whole),
  ),
  eth_getBlockReceipts: method([block], async (context, ref) => {
    const record = await findRecord(context, ref);
    if (record === undefined) return (await findNumber(context, ref)) === undefined ? null : [];
    return executedOf(record).map((executed) => receiptJson(record, executed, context.rules));
  }),
  eth_getBlockTransactionCountByNumber: method([block], countTransactions),
  eth_getBlockTransactionCountByHash: method([blockHash], (context, hash) => countTransactions(context, { hash })),
  eth_getTransactionByBlockNumberAndIndex: method([block, transactionIndex], transactionAt),
  eth_getTransactionByBlockHashAndIndex: method([blockHash, transactionIndex], (context, hash, index) =>
    transactionAt(context, { hash }, index),
  ),
  eth_getUncleCountByBlockNumber: method([block], countUncles),
  eth_getUncleCountByBlockHash: method([blockHash], (context, hash) => countUncles(context, { hash })),
  eth_feeHistory: method([blockCount, block, optional(percentiles, [])], feeHistory),
};

async function getBlock(context: RpcContext, ref: BlockRef, whole: boolean) {
  const number = await findNumber(context, ref);
  if (number === undefined) return null;
  return number === 0n
    ? genesisJson(context.rules)
    : blockJson(await context.state.batch(number), whole, context.rules, context.roots);
}

/** The batch that a caller names; undefined for the genesis and for what is not there. */
async function findRecord(context: RpcContext, ref: BlockRef): Promise<BatchRecord | undefined> {
  const number = await findNumber(context, ref);
  return number === undefined || number === 0n ? undefined : context.state.batch(number);
}

async function countTransactions(context: RpcContext, ref: BlockRef) {
  const record = await findRecord(context, ref);
  if (record !== undefined) return quantity(executedOf(record).length);
  return (await findNumber(context, ref)) === undefined ? null : '0x0';
}

async function transactionAt(context: RpcContext, ref: BlockRef, index: number) {
  const record = await findRecord(context, ref);
  const executed = record === undefined ? undefined : executedOf(record)[index];
  return executed === undefined ? null : transactionJson(executed.raw, context.rules, { record: record!, index });
}

async function countUncles(context: RpcContext, ref: BlockRef) {
  return (await findNumber(context, ref)) === undefined ? null : '0x0';
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
