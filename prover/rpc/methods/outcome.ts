import type { SkipReason } from '../../../src/batch/types.js';
import { haltText } from '../../../src/evm/halt-text.js';
import type { ItemResult, RunResult } from '../../../src/state/record.js';
import { quantity } from '../quantity.js';

/** FORMATS.md, "Execution of a batch", in words. */
const SKIPPED: Readonly<Record<SkipReason, string>> = {
  nonce: "Its nonce was not its sender's next one.",
  senderCode: 'Its sender has code (EIP-3607).',
  balance: "Its sender's balance did not cover gas limit times fee cap plus value.",
  gasLimit: 'Its gas limit was above the gas that was left in the batch.',
  work: 'It reserved more work than was left in the batch.',
};

function runJson(run: RunResult | undefined) {
  if (run === undefined || run.end === 'ok') return {};
  const explanation = run.halt === undefined ? 'Its code reverted.' : `Its code failed: ${haltText(run.halt)}.`;
  return { failed: run.end, explanation };
}

/** What happened to one item of a batch, explained. */
export function outcomeJson(result: ItemResult) {
  switch (result.kind) {
    case 'executed':
      return { kind: result.kind, gasUsed: quantity(result.gasUsed), ...runJson(result.run) };
    case 'skipped':
      return { kind: result.kind, reason: result.reason, explanation: SKIPPED[result.reason] };
    case 'bad':
      return { kind: result.kind, reason: result.reason, explanation: `No valid transaction: ${result.reason}.` };
    case 'cutOff':
      return { kind: result.kind, explanation: "The batch's work was used up before it; it was not read." };
  }
}
