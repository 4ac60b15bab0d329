import type { TypedTransaction } from '@ethereumjs/tx';
import { type Address, type Hex, keccak256 } from 'viem';
import { byteLength } from '../../src/batch/bytes.js';
import { ZERO_WORD } from '../../src/batch/header.js';
import { parseTransaction } from '../../src/batch/transaction.js';
import type { Header, ParsedTx, Rules } from '../../src/batch/types.js';
import { decodeForVm } from '../../src/execution/batch-vm.js';
import type { BatchRecord } from '../../src/state/record.js';
import { type BlockRoots, EMPTY_ROOT } from './block-roots.js';
import { type ExecutedTransaction, executedOf } from './executed.js';
import { bloomOf, logsOf } from './logs.js';
import { quantity } from './quantity.js';

const NO_BLOOM: Hex = `0x${'00'.repeat(256)}`;
const NO_UNCLES: Hex = '0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347';
const NO_ADDRESS: Address = `0x${'00'.repeat(20)}`;

/**
 * A batch as a block (docs/RPC.md). Its hash is the batch hash (FORMATS.md), not that of an Ethereum header. The roots of transactions and
 * receipts are Ethereum's, of what the block shows; there is no root of the state, which is zero.
 */
export async function blockJson(record: BatchRecord, whole: boolean, rules: Rules, roots: BlockRoots) {
  const executed = executedOf(record);
  const { header } = record.batch;
  return {
    ...frame(header.number, record.batchHash, header),
    ...(await roots.of(record.batchHash, executed, rules.chainId)),
    logsBloom: bloomOf(executed.flatMap(({ logs }) => logs)),
    gasUsed: quantity(executed.at(-1)?.cumulativeGas ?? 0n),
    size: quantity(record.batch.txs.reduce((sum, raw) => sum + byteLength(raw), 0)),
    transactions: executed.map((tx) => (whole ? transactionJson(tx.raw, rules, { record, index: tx.index }) : tx.hash)),
  };
}

/** A batch as a new head is told: its block without what is in it. */
export async function headJson(record: BatchRecord, rules: Rules, roots: BlockRoots) {
  const {
    transactions: _,
    uncles: __,
    withdrawals: ___,
    size: ____,
    ...head
  } = await blockJson(record, false, rules, roots);
  return head;
}

/** The genesis as block 0, with the parent that batch 1 names as its hash. */
export function genesisJson({ gasLimit, baseFee }: Rules) {
  const environment = {
    parent: ZERO_WORD,
    timestamp: 0n,
    originHash: ZERO_WORD,
    feeRecipient: NO_ADDRESS,
    gasLimit,
    baseFee,
  };
  return { ...frame(0n, ZERO_WORD, environment), gasUsed: '0x0', size: '0x0', transactions: [] };
}

function frame(
  number: bigint,
  hash: Hex,
  header: Pick<Header, 'parent' | 'timestamp' | 'originHash' | 'feeRecipient' | 'gasLimit' | 'baseFee'>,
) {
  return {
    number: quantity(number),
    hash,
    parentHash: header.parent,
    timestamp: quantity(header.timestamp),
    miner: header.feeRecipient,
    mixHash: header.originHash,
    gasLimit: quantity(header.gasLimit),
    baseFeePerGas: quantity(header.baseFee),
    difficulty: '0x0',
    totalDifficulty: '0x0',
    nonce: '0x0000000000000000',
    extraData: '0x',
    logsBloom: NO_BLOOM,
    sha3Uncles: NO_UNCLES,
    uncles: [],
    transactionsRoot: EMPTY_ROOT,
    receiptsRoot: EMPTY_ROOT,
    stateRoot: ZERO_WORD,
    // Of Cancun, whose rules code runs by.
    withdrawals: [],
    withdrawalsRoot: EMPTY_ROOT,
    blobGasUsed: '0x0',
    excessBlobGas: '0x0',
    parentBeaconBlockRoot: ZERO_WORD,
  };
}

/** A transaction that a batch executed, or, without a place, one that waits. */
export function transactionJson(
  raw: Hex,
  rules: Rules,
  place?: { readonly record: BatchRecord; readonly index: number },
) {
  const tx = decodeForVm(raw, rules.chainId);
  return {
    hash: keccak256(raw),
    type: quantity(tx.type),
    blockHash: place?.record.batchHash ?? null,
    blockNumber: place === undefined ? null : quantity(place.record.batch.header.number),
    transactionIndex: place === undefined ? null : quantity(place.index),
    from: tx.getSenderAddress().toString(),
    to: tx.to?.toString() ?? null,
    nonce: quantity(tx.nonce),
    gas: quantity(tx.gasLimit),
    value: quantity(tx.value),
    input: `0x${Buffer.from(tx.data).toString('hex')}`,
    ...feeFields(tx, rules.baseFee),
    ...signatureFields(tx),
  };
}

function feeFields(tx: TypedTransaction, baseFee: bigint) {
  const { maxFeePerGas, maxPriorityFeePerGas, gasPrice, accessList } = tx.toJSON();
  return {
    gasPrice: gasPrice ?? quantity(baseFee + tx.getEffectivePriorityFee(baseFee)),
    ...(maxFeePerGas === undefined ? {} : { maxFeePerGas, maxPriorityFeePerGas }),
    ...(accessList === undefined ? {} : { accessList }),
  };
}

function signatureFields(tx: TypedTransaction) {
  const [v, r, s] = [tx.v ?? 0n, tx.r ?? 0n, tx.s ?? 0n];
  const signature = { v: quantity(v), r: quantity(r), s: quantity(s) };
  if (tx.type === 0) return v < 35n ? signature : { ...signature, chainId: quantity(tx.common.chainId()) };
  return { ...signature, yParity: quantity(v), chainId: quantity(tx.common.chainId()) };
}

/** The receipt of an executed transaction. */
export function receiptJson(record: BatchRecord, executed: ExecutedTransaction, rules: Rules) {
  const { batch, batchHash } = record;
  const { sender, to, price } = parseTransaction(executed.raw, rules) as ParsedTx; // it was executed
  return {
    transactionHash: executed.hash,
    transactionIndex: quantity(executed.index),
    blockHash: batchHash,
    blockNumber: quantity(batch.header.number),
    from: sender,
    to,
    cumulativeGasUsed: quantity(executed.cumulativeGas),
    gasUsed: quantity(executed.gasUsed),
    effectiveGasPrice: quantity(price),
    contractAddress: null,
    logs: logsOf(record, executed),
    logsBloom: bloomOf(executed.logs),
    status: executed.success ? '0x1' : '0x0',
    type: quantity(decodeForVm(executed.raw, rules.chainId).type),
  };
}
