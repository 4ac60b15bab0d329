import { type Address, decodeFunctionData, encodeFunctionData, getAbiItem, type Hex, type PublicClient } from 'viem';
import { Rollup } from '../../contracts/generated/artifacts.js';
import { batchHash, txsHash } from '../batch/header.js';
import type { Batch, Header, Rules } from '../batch/types.js';
import { L1Error } from '../errors/l1.js';
import { packItems, unpackItems } from '../statement/l1-transactions.js';
import type { AtBlock } from './dispute-client.js';
import { inParallel } from './in-parallel.js';
import { type BlockRange, LogRanges } from './log-ranges.js';
import type { L1Call } from './send-call.js';

const { abi } = Rollup;
/** Batches that are read before the first of them is handed out: some megabytes. */
const AT_ONCE = 32;
/** Requests for transactions at the same time. */
const WIDTH = 8;

/** The newest batch at one L1 block: what the next header must name. */
export interface RollupView {
  readonly block: { readonly number: bigint; readonly hash: Hex; readonly timestamp: bigint };
  /** Number of the newest batch; 0 is genesis. */
  readonly latest: bigint;
  /** Its hash; the zero word for genesis. */
  readonly latestHash: Hex;
  /** Its timestamp; 0 for genesis. */
  readonly latestTimestamp: bigint;
}

/** A batch as L1 holds it. */
export interface PostedBatch extends Batch {
  readonly hash: Hex;
  /** Where it was posted. */
  readonly l1: { readonly blockNumber: bigint; readonly blockHash: Hex; readonly transaction: Hex };
}

/** Who posts, the dispute contract, and what a header must keep. */
export interface RollupConfig {
  readonly sequencer: Address;
  readonly dispute: Address;
  /** Blocks; the oldest L1 origin of a batch. */
  readonly maxOriginLag: bigint;
  /** Seconds; the oldest timestamp of a batch. */
  readonly maxTimestampLag: bigint;
  /** Seconds between the timestamps of two batches, at least. */
  readonly minInterval: bigint;
}

/** Typed reads of one Rollup contract. */
export interface RollupClient {
  readonly address: Address;
  view(at?: AtBlock): Promise<RollupView>;
  rules(at?: AtBlock): Promise<Rules>;
  config(at?: AtBlock): Promise<RollupConfig>;
  batchHash(number: bigint, at?: AtBlock): Promise<Hex>;
  /**
   * The batches above number `after` posted in L1 blocks `fromBlock` to `toBlock`, in order, a few at a time, rebuilt from logs and
   * calldata alone and checked against their hashes; one request for the transaction of each, and few for the logs.
   * @throws L1Error `L1_BATCH` when the node's data does not fit together; `L1_LOGS_REFUSED`
   */
  batches(range: BlockRange, after?: bigint): AsyncIterable<readonly PostedBatch[]>;
}

/** A {@link RollupClient} on the contract at `address`. */
export function createRollupClient(client: PublicClient, address: Address): RollupClient {
  const on = (at?: AtBlock) => ({ address, abi, ...at }) as const;
  const hashOf = (number: bigint, at?: AtBlock) =>
    client.readContract({ ...on(at), functionName: 'batchHash', args: [number] });
  const ranges = new LogRanges();
  return {
    address,
    async view(at) {
      const { number, hash, timestamp } = await client.getBlock(at ?? {});
      const one = { blockHash: hash };
      const [latest, latestTimestamp] = await Promise.all([
        client.readContract({ ...on(one), functionName: 'latest' }),
        client.readContract({ ...on(one), functionName: 'latestTimestamp' }),
      ]);
      const latestHash = await hashOf(latest, one);
      return { block: { number, hash, timestamp }, latest, latestHash, latestTimestamp };
    },
    async rules(at) {
      const rules = await client.readContract({ ...on(at), functionName: 'rules' });
      return { ...rules, maxItems: Number(rules.maxItems), maxBytes: Number(rules.maxBytes) };
    },
    async config(at) {
      const [sequencer, dispute, maxOriginLag, maxTimestampLag, minInterval] = await Promise.all([
        client.readContract({ ...on(at), functionName: 'sequencer' }),
        client.readContract({ ...on(at), functionName: 'dispute' }),
        client.readContract({ ...on(at), functionName: 'maxOriginLag' }),
        client.readContract({ ...on(at), functionName: 'maxTimestampLag' }),
        client.readContract({ ...on(at), functionName: 'minInterval' }),
      ]);
      return { sequencer, dispute, maxOriginLag, maxTimestampLag, minInterval };
    },
    batchHash: hashOf,
    async *batches(range, after = 0n) {
      const event = getAbiItem({ abi, name: 'BatchSubmitted' });
      for await (const logs of ranges.read(range, (part) =>
        client.getLogs({ address, event, strict: true, ...part }),
      )) {
        const wanted = logs.filter(({ args }) => args.number > after);
        for (let i = 0; i < wanted.length; i += AT_ONCE) {
          yield await inParallel(wanted.slice(i, i + AT_ONCE), WIDTH, async (log) => {
            const { args, transactionHash, blockHash, blockNumber } = log;
            const { input } = await client.getTransaction({ hash: transactionHash });
            // viem writes addresses with a checksum; everywhere else they are lower case.
            const feeRecipient = args.header.feeRecipient.toLowerCase() as Address;
            const batch = { header: { ...args.header, feeRecipient }, txs: postedTransactions(input) };
            if (batchHash(batch.header) !== args.batchHash || txsHash(batch.txs) !== batch.header.txsHash) {
              const message = `Transaction ${transactionHash} does not hold batch ${args.number} (${args.batchHash}).`;
              throw new L1Error('L1_BATCH', message, { hint: 'The L1 node gives wrong data; use another one.' });
            }
            return { ...batch, hash: args.batchHash, l1: { blockNumber, blockHash, transaction: transactionHash } };
          });
        }
      }
    },
  };
}

/** The raw transactions in the calldata of `submitBatch` or `submitBatchAndClaim`. */
function postedTransactions(input: Hex): readonly Hex[] {
  const { functionName, args } = decodeFunctionData({ abi, data: input });
  if (functionName === 'submitBatch' || functionName === 'submitBatchAndClaim') return unpackItems(args[1]);
  throw new L1Error('L1_BATCH', `A batch cannot have been posted by a call of ${functionName}.`);
}

/** The moves on the Rollup contract at `to`, as transactions to send. */
export function rollupCalls(to: Address) {
  return {
    submitBatch: ({ header, txs }: { header: Header; txs: readonly Hex[] }): L1Call => ({
      to,
      data: encodeFunctionData({ abi, functionName: 'submitBatch', args: [header, packItems(txs)] }),
      value: 0n,
    }),
    /** With the claim of the batch's diff hash, on the sequencer's stake. */
    submitBatchAndClaim: ({ header, txs }: { header: Header; txs: readonly Hex[] }, diff: bigint): L1Call => ({
      to,
      data: encodeFunctionData({ abi, functionName: 'submitBatchAndClaim', args: [header, packItems(txs), diff] }),
      value: 0n,
    }),
  };
}
