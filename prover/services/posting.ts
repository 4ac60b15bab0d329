import { type Hex, keccak256 } from 'viem';
import { serializeError } from '../../src/errors/base.js';
import { BatchError } from '../../src/errors/batch.js';
import { L1Error } from '../../src/errors/l1.js';
import type { Mempool } from '../agents/mempool.js';
import type { Sequencer } from '../agents/sequencer.js';
import { isInputFault } from '../queue/failures.js';
import type { Log } from './log.js';
import type { WaitingTransactions } from './waiting.js';

/**
 * Brings the node to the batches that L1 has, and the mempool to what still waits. False while L1 does not show yet what was posted from here:
 * then neither is known.
 */
export async function settleWaiting(
  sequencer: Pick<Sequencer, 'catchUp'>,
  mempool: Pick<Mempool, 'add' | 'find'>,
  waiting: Pick<WaitingTransactions, 'settle'>,
  log: Log,
): Promise<boolean> {
  try {
    await sequencer.catchUp();
  } catch (error) {
    if (isTooSoon(error)) return false;
    throw error;
  }
  await waiting.settle(mempool, log);
  return true;
}

/**
 * Posts what waits as one batch; nothing when nothing waits, or L1 has no new block since the last. Of a batch whose proof would not fit the
 * first half is posted, and so on; a transaction that does not fit alone is dropped. What only failed at being checked waits.
 */
export async function postWaiting(
  sequencer: Pick<Sequencer, 'environment' | 'post'>,
  mempool: Pick<Mempool, 'size' | 'build' | 'drop'>,
  log: Log,
): Promise<void> {
  if (mempool.size === 0) return;
  try {
    const { refused, replay } = await mempool.build(await sequencer.environment());
    for (const { raw, reason } of refused) log.warn({ transaction: keccak256(raw), reason }, 'refused');
    const { txs } = replay.batch;
    if (txs.length > 0) await postWhatFits(sequencer, mempool, log, txs);
  } catch (error) {
    if (!isTooSoon(error)) throw error;
  }
}

function isTooSoon(error: unknown): boolean {
  return error instanceof L1Error && error.code === 'L1_TOO_SOON';
}

async function postWhatFits(
  sequencer: Pick<Sequencer, 'post'>,
  mempool: Pick<Mempool, 'drop'>,
  log: Log,
  txs: readonly Hex[],
): Promise<void> {
  for (let count = txs.length; ; count = Math.ceil(count / 2)) {
    try {
      const { batch } = (await sequencer.post(txs.slice(0, count))).replay;
      log.info({ batch: batch.header.number.toString(), transactions: batch.txs.length }, 'posted');
      return;
    } catch (error) {
      if (!(error instanceof BatchError && isUnprovable(error))) throw error;
      log.warn({ transactions: count, why: error.message }, 'unprovable');
      if (count > 1) continue;
      return mempool.drop(keccak256(txs[0]!), error.message);
    }
  }
}

/** A full disk, say, is no fault of the batch. */
function isUnprovable({ code, cause }: BatchError): boolean {
  return code === 'BATCH_UNPROVABLE' && isInputFault(serializeError(cause));
}
