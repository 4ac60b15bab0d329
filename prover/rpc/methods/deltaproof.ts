import type { Account, AccountAccess, Batch } from '../../../src/batch/types.js';
import { RPC_CODE, RpcError } from '../../../src/errors/rpc.js';
import { replayBatch } from '../../../src/execution/replay.js';
import type { BatchRecord } from '../../../src/state/record.js';
import type { BlockRef } from '../block-ref.js';
import { numberOf, type RpcContext } from '../context.js';
import { method } from '../method.js';
import { block } from '../parameters.js';
import { quantity } from '../quantity.js';
import { outcomeJson } from './outcome.js';

/** Methods about batches as L1 knows them: with every item, executed or not. */
export const deltaproofMethods = {
  deltaproof_getBatch: method([block], async (context, ref) => {
    const { batch, batchHash, diffHash, results } = await recordAt(context, ref);
    return { header: headerJson(batch), batchHash, diffHash, txs: batch.txs, outcomes: results.map(outcomeJson) };
  }),
  /** Every account and slot that the batch touches, before and after it, replayed on this node's state before it. */
  deltaproof_getAccessList: method([block], async (context, ref) => {
    const { batch, batchHash } = await recordAt(context, ref);
    const { state, rules } = context;
    const before = await state.asOf(batch.header.number - 1n);
    const { replay } = await replayBatch(before, batch, rules, (number) => state.batchHash(number));
    return { batchNumber: quantity(batch.header.number), batchHash, accounts: replay.accessList.map(accessJson) };
  }),
  /**
   * The sequencer's announcement of what the batch touches (FORMATS.md, "Announcement"), as bytes, so that its signature holds; null when
   * none is kept. By hash it is also found when the batch is not this node's any more.
   */
  deltaproof_getAnnouncement: method([block], async ({ announcements, ...context }, ref) => {
    const hash = typeof ref === 'object' ? ref.hash : (await recordAt(context, ref)).batchHash;
    return (await announcements?.get(hash)) ?? null;
  }),
};

function accessJson({ address, pre, post, slots = [] }: AccountAccess) {
  const storage = slots.map((slot) => ({ key: slot.key, pre: quantity(slot.pre), post: quantity(slot.post) }));
  return { address, pre: accountJson(pre), post: accountJson(post), ...(slots.length === 0 ? {} : { slots: storage }) };
}

async function recordAt(context: RpcContext, ref: BlockRef): Promise<BatchRecord> {
  const number = await numberOf(context, ref);
  if (number > 0n) return context.state.batch(number);
  throw new RpcError(RPC_CODE.notFound, 'RPC_BLOCK_UNKNOWN', 'Block 0 is the genesis, which is no batch.');
}

function headerJson({ header }: Batch) {
  return Object.fromEntries(
    Object.entries(header).map(([name, value]) => [name, typeof value === 'bigint' ? quantity(value) : value]),
  );
}

function accountJson({ nonce, balance, codeHash }: Account) {
  return { nonce: quantity(nonce), balance: quantity(balance), codeHash };
}
