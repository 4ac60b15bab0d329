import { type Hex, keccak256 } from 'viem';
import { RPC_CODE, RpcError } from '../../../src/errors/rpc.js';
import { numberOf, type RpcContext, unlessPending } from '../context.js';
import { receiptJson, transactionJson } from '../encode.js';
import { executedOf } from '../executed.js';
import type { RangedCriteria } from '../filters.js';
import { logFilter } from '../log-filter.js';
import { matchingLogs } from '../logs.js';
import { method } from '../method.js';
import { rawTransaction, transactionHash } from '../parameters.js';
import { quantity } from '../quantity.js';
import { outcomeJson } from './outcome.js';

/** Methods about transactions. */
export const transactionMethods = {
  eth_sendRawTransaction: method([rawTransaction], async ({ mempool, pending }, raw) => {
    const hash = keccak256(raw);
    if ((await mempool.find(hash)) === undefined) {
      await mempool.add(raw);
      pending.append({ hash, raw });
      return hash;
    }
    throw new RpcError(RPC_CODE.rejected, 'RPC_ALREADY_KNOWN', `already known: transaction ${hash} waits here.`);
  }),
  /** Executed or waiting; null for what was skipped, since it is in no block (`deltaproof_transactionStatus` explains it). */
  eth_getTransactionByHash: method([transactionHash], async (context, hash) => {
    const found = await findExecuted(context, hash);
    if (found !== undefined) {
      return transactionJson(found.executed.raw, context.rules, { record: found.record, index: found.executed.index });
    }
    const waiting = await context.mempool.find(hash);
    return waiting === undefined ? null : transactionJson(waiting.raw, context.rules);
  }),
  eth_getTransactionReceipt: method([transactionHash], async (context, hash) => {
    const found = await findExecuted(context, hash);
    return found === undefined ? null : receiptJson(found.record, found.executed, context.rules);
  }),
  eth_getLogs: method([logFilter], getLogs),
  deltaproof_transactionStatus: method([transactionHash], transactionStatus),
};

/** Blocks that one eth_getLogs looks through, and events that it answers with, at most. */
const MAX_LOG_BLOCKS = 2_000n;
const MAX_LOGS = 10_000;

/** The events of the blocks that a filter names. @throws RpcError `RPC_TOO_MANY_LOGS`, `RPC_BLOCK_UNKNOWN` */
export async function getLogs(context: RpcContext, filter: RangedCriteria) {
  const [from, to] = [
    await numberOf(context, unlessPending(filter.from)),
    await numberOf(context, unlessPending(filter.to)),
  ];
  if (to - from >= MAX_LOG_BLOCKS) throw tooMany(`${to - from + 1n} blocks, and ${MAX_LOG_BLOCKS} are looked through`);
  const logs: ReturnType<typeof matchingLogs> = [];
  for (let number = from > 0n ? from : 1n; number <= to; number++) {
    logs.push(...matchingLogs(await context.state.batch(number), filter));
    if (logs.length > MAX_LOGS) throw tooMany(`more than ${MAX_LOGS} events`);
  }
  return logs;
}

function tooMany(what: string): RpcError {
  return new RpcError(RPC_CODE.limit, 'RPC_TOO_MANY_LOGS', `The filter asks for ${what}.`, { hint: 'Ask for fewer.' });
}

async function findExecuted({ index, state }: RpcContext, hash: Hex) {
  const place = await index.placeOf(hash);
  if (!place?.executed) return undefined;
  const record = await state.batch(place.number);
  const executed = executedOf(record).find((tx) => tx.hash === hash);
  return executed === undefined ? undefined : { record, executed };
}

/** Everything that is known about a transaction: in the chain, waiting, dropped, or nothing. */
async function transactionStatus({ index, state, mempool }: RpcContext, hash: Hex) {
  const place = await index.placeOf(hash);
  const waiting = place?.executed ? undefined : await mempool.find(hash);
  if (waiting !== undefined) {
    const { sender, nonce } = waiting.tx;
    const next = (await state.view().account(sender)).nonce;
    const behind = nonce > next ? `; ${sender} is at ${next}, and its nonces up to ${nonce} come first` : '';
    return { status: 'pending', explanation: `It waits for a batch with nonce ${nonce}${behind}.` };
  }
  if (place !== undefined) {
    const { batchHash, results } = await state.batch(place.number);
    const { kind, ...outcome } = outcomeJson(results[place.item]!);
    const where = { batchNumber: quantity(place.number), batchHash, item: quantity(place.item) };
    return { status: kind, ...outcome, ...where };
  }
  const reason = await mempool.reasonDropped(hash);
  if (reason !== undefined) return { status: 'dropped', explanation: `The mempool dropped it: ${reason}.` };
  return { status: 'unknown', explanation: 'It is in no batch and does not wait here.' };
}
