import type { Header, ParsedTx, SkipReason } from '../../batch/types.js';
import type { RowOf } from '../../chips/chip.js';
import { limbsOf } from '../../chips/lib/range.js';
import { transactionCells } from '../../chips/lib/transaction.js';
import { SKIP_REASONS, type txskip } from '../../chips/txskip.js';
import { TraceError } from '../../errors/trace.js';
import type { AccountCells } from './account-cells.js';
import type { Between, Step } from './transaction-rows.js';
import { proofOf } from './validity.js';

/**
 * The row of a skipped transaction, for the reason given. Touches sender and recipient in `cells`.
 * @throws TraceError `TRACE_REASON_FALSE` when the reason is not true in this state
 */
export function skipRow(
  tx: ParsedTx,
  reason: SkipReason,
  between: Between,
  block: Pick<Header, 'gasLimit'>,
  cells: AccountCells,
): Step<RowOf<typeof txskip.columns>> {
  const { ts, tx: T, gasUsed, work } = between;
  const left = work - tx.use;
  const sender = cells.touch(BigInt(tx.sender), ts + 1n, T);
  const recipient = cells.touch(BigInt(tx.to), ts + 2n, T);
  const situation = { tx, sender: sender.seen, gasLeft: block.gasLimit - gasUsed, workLeft: left };
  const [name, slack] = proofOf(reason, situation);
  if (slack < 0n) {
    throw new TraceError('TRACE_REASON_FALSE', `Transaction ${T} is not to be skipped for the reason "${reason}".`, {
      hint: 'The outcomes of the replay do not belong to its access list.',
    });
  }
  return {
    row: {
      ...transactionCells(tx, between),
      limit: block.gasLimit,
      senderCell: sender.cells,
      recipientCell: recipient.cells,
      reason: SKIP_REASONS.map((other) => (other === name ? 1n : 0n)),
      slack: limbsOf(slack, 11),
      spare: limbsOf(left, 4),
    },
    next: { ...between, ts: ts + 3n, tx: T + 1n, work: left },
  };
}
