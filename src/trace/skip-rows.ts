import type { Header, ParsedTx } from '../batch/types.js';
import type { RowOf } from '../chips/chip.js';
import { limbsOf } from '../chips/lib/range.js';
import { transactionCells } from '../chips/lib/transaction.js';
import { CODE_SKIP_REASONS, type txskipCode } from '../chips/txskip.js';
import { TraceError } from '../errors/trace.js';
import type { AccountCells } from './account-cells.js';
import type { Between, Step } from './transaction-rows.js';
import { proofOf, type StateReason } from './validity.js';

/** The code of a skipped transaction's recipient: L1's index and the length; 0 and 0 when it has none or it does not matter. */
export interface SkippedCode {
  readonly id: bigint;
  readonly len: bigint;
}

/**
 * The row of a skipped transaction where code runs, for the reason given. Touches sender and recipient in `cells`.
 * @throws TraceError `TRACE_REASON_FALSE` when the reason is not true in this state
 */
export function codeSkipRow(
  tx: ParsedTx,
  reason: StateReason,
  between: Between,
  block: Pick<Header, 'gasLimit'>,
  cells: AccountCells,
  code: SkippedCode = { id: 0n, len: 0n },
): Step<RowOf<typeof txskipCode.columns>> {
  const { ts, tx: T, gasUsed, work } = between;
  const left = work - tx.use;
  const sender = cells.touch(BigInt(tx.sender), ts + 1n, T);
  const recipient = cells.touch(BigInt(tx.to), ts + 2n, T);
  const [name, slack] = proofOf(reason, {
    tx,
    sender: sender.seen,
    recipient: recipient.seen,
    gasLeft: block.gasLimit - gasUsed,
    workLeft: left,
    codeLen: code.len,
  });
  if (slack < 0n) {
    throw new TraceError('TRACE_REASON_FALSE', `Transaction ${T} is not to be skipped for the reason "${reason}".`, {
      hint: 'The outcomes of the replay do not belong to its access list.',
    });
  }
  const used = name === 'codeWork' ? code : { id: 0n, len: 0n };
  return {
    row: {
      ...transactionCells(tx, between),
      limit: block.gasLimit,
      code: used.id,
      codeLen: used.len,
      senderCell: sender.cells,
      recipientCell: recipient.cells,
      reason: CODE_SKIP_REASONS.map((other) => (other === name ? 1n : 0n)),
      slack: limbsOf(slack, 11),
      spare: limbsOf(left, 4),
    },
    next: { ...between, ts: ts + 3n, tx: T + 1n, work: left },
  };
}
