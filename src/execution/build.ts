import type { Hex } from 'viem';
import { byteLength } from '../batch/bytes.js';
import { type Environment, sealBatch } from '../batch/header.js';
import { parseTransaction } from '../batch/transaction.js';
import type { Rules, SkipReason } from '../batch/types.js';
import type { AppliedBatch, StateView } from '../state/view.js';
import type { Ancestors } from './batch-vm.js';
import { BatchExecutor } from './executor.js';
import { NO_ANCESTORS, replayBatch } from './replay.js';

/** A batch made from candidates, executed, with what was not taken. */
export interface BuiltBatch extends AppliedBatch {
  /** Candidates that this batch has no room for, or whose nonce is still to come: try them again later. */
  readonly left: readonly Hex[];
  /** Candidates that can never be executed, or not without other money; the reason in words. */
  readonly refused: readonly { readonly raw: Hex; readonly reason: string }[];
}

/**
 * Makes the next batch of a sequencer: takes the candidates in their order as long as each is executed, within the
 * rules' items, bytes, gas and work, and executes it. Nothing that would be skipped is taken, and no call that fails only since the batch
 * has too little work left for what it hashes.
 * @param environment the new batch's, with its number, parent, time and origin
 */
export async function buildBatch(
  view: StateView,
  rules: Rules,
  candidates: readonly Hex[],
  environment: Environment,
  ancestors: Ancestors = NO_ANCESTORS,
): Promise<BuiltBatch> {
  const executor = await BatchExecutor.create(view, environment, rules, ancestors);
  const taken: Hex[] = [];
  const left: Hex[] = [];
  const refused: { raw: Hex; reason: string }[] = [];
  let bytes = 0;
  for (const raw of candidates) {
    const tx = parseTransaction(raw, rules);
    if (tx.kind === 'bad') {
      refused.push({ raw, reason: tx.reason });
      continue;
    }
    const { reason, nonce } = await executor.refusal(tx);
    const full =
      taken.length === rules.maxItems || bytes + byteLength(raw) > rules.maxBytes || executor.running.work < tx.use;
    const fitsAnyBatch = tx.gasLimit <= rules.gasLimit && tx.use + tx.reserve <= rules.workBudget;
    const tooFull = full || reason === 'gasLimit' || reason === 'work';
    if ((tooFull && fitsAnyBatch) || (reason === 'nonce' && tx.nonce > nonce)) {
      left.push(raw);
    } else if (reason !== undefined || tooFull) {
      refused.push({ raw, reason: REASONS[reason ?? 'work'] });
    } else if (taken.length > 0 && (await executor.isLate(tx))) {
      left.push(raw);
    } else {
      await executor.take(raw);
      bytes += byteLength(raw);
      taken.push(raw);
    }
  }
  return { ...(await replayBatch(view, sealBatch(environment, taken), rules, ancestors)), left, refused };
}

/** The reasons to skip, in words. */
const REASONS: Readonly<Record<SkipReason, string>> = {
  nonce: 'the nonce is used already',
  senderCode: 'the sender has code',
  balance: 'the balance does not cover gas limit times fee cap plus value',
  gasLimit: 'the gas limit is above that of a batch',
  work: 'it reserves more work than a batch has',
};
