import { keccak256 } from 'viem';
import type { Outcome, Replay } from '../batch/types.js';
import { HALTS_BY_RULE, haltText } from '../evm/halt-text.js';
import { opcodeName } from '../evm/opcodes.js';
import type { HaltReason } from '../evm/run.js';

/** An item whose code only the rules of this rollup's version halt. */
export interface RuleHalt {
  /** Its number in the batch, from 1. */
  readonly item: number;
  /** Its hash. */
  readonly transaction: string;
  readonly opcode: string;
  readonly pc: number;
  readonly reason: HaltReason;
  /** All of it for people. */
  readonly text: string;
}

/** Executed items that halt where Ethereum would go on, so that somebody who looks for a reason finds it. */
export function haltsByRule(replay: Pick<Replay, 'batch' | 'outcomes'>): RuleHalt[] {
  return replay.outcomes.flatMap((outcome, i) => {
    const halt = outcome.kind === 'executed' ? outcome.run?.halt : undefined;
    if (halt === undefined || !HALTS_BY_RULE.includes(halt.reason)) return [];
    const { reason, pc, op } = halt;
    const [item, transaction] = [i + 1, keccak256(replay.batch.txs[i]!)];
    const text = `transaction ${item} (${transaction}): ${haltText(halt)}`;
    return [{ item, transaction, opcode: opcodeName(op), pc, reason, text }];
  });
}

/** An outcome for people: `skipped: nonce`, `executed, its code failed: CALL at pc 7 halts: ...`. */
export function outcomeText(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'bad':
    case 'skipped':
      return `${outcome.kind}: ${outcome.reason}`;
    case 'cutOff':
      return 'cut off';
    case 'executed': {
      const { run } = outcome;
      if (run?.halt !== undefined) return `executed, its code failed: ${haltText(run.halt)}`;
      return run?.end === 'revert' ? 'executed, its code reverted' : 'executed';
    }
  }
}

/** Transaction `item` (from 1) for people: its hash, who sends it to whom, and what went wrong. */
export function transactionText({ batch, outcomes }: Pick<Replay, 'batch' | 'outcomes'>, item: number): string {
  const outcome = outcomes[item - 1]!;
  const between = 'tx' in outcome ? `, from ${outcome.tx.sender} to ${outcome.tx.to}` : '';
  const text = outcomeText(outcome);
  return `transaction ${item} (${keccak256(batch.txs[item - 1]!)}${between}${text === 'executed' ? '' : `; ${text}`})`;
}
