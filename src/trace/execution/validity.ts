import { EMPTY_CODE_HASH, type ParsedTx, type SkipReason } from '../../batch/types.js';
import { toLimbs } from '../../bus/field.js';
import { type AccountCell, EMPTY_CODE } from '../../chips/lib/account.js';
import type { SKIP_REASONS } from '../../chips/txskip.js';

/** All reasons to skip. */
export const REASONS: readonly SkipReason[] = ['nonce', 'senderCode', 'balance', 'gasLimit', 'work'];

/** A parsed transaction in its state: what decides whether it is skipped. */
export interface Situation {
  readonly tx: ParsedTx;
  /** The cell as the row sees it. */
  readonly sender: AccountCell;
  /** Gas that the batch has left. */
  readonly gasLeft: bigint;
  /** Work that is left after the transaction's `use`. */
  readonly workLeft: bigint;
}

/** Whether an account has code. */
export function hasCode({ code }: AccountCell): boolean {
  return code !== BigInt(EMPTY_CODE_HASH);
}

/** A reason that is true in this situation; none: the transaction is valid. */
export function reasonOf(situation: Situation): SkipReason | undefined {
  return REASONS.find((reason) => proofOf(reason, situation)[1] >= 0n);
}

/** Which reason of the row shows `reason`, and its slack: negative when the reason is false. */
export function proofOf(
  reason: SkipReason,
  { tx, sender, gasLeft, workLeft }: Situation,
): [name: (typeof SKIP_REASONS)[number], slack: bigint] {
  const when = (condition: boolean) => (condition ? 0n : -1n);
  const highDiffers = ({ code }: AccountCell) => toLimbs(code)[0] !== EMPTY_CODE[0];
  switch (reason) {
    case 'nonce':
      return ['nonce', when(sender.nonce !== tx.nonce)];
    case 'senderCode':
      return [highDiffers(sender) ? 'senderCodeHi' : 'senderCodeLo', when(hasCode(sender))];
    case 'balance': {
      const [hi, lo] = toLimbs(sender.balance);
      const [maxHi, maxLo] = toLimbs(tx.maxCost);
      return hi === maxHi ? ['balanceLo', maxLo - lo - 1n] : ['balanceHi', maxHi - hi - 1n];
    }
    case 'gasLimit':
      return ['gasLimit', tx.gasLimit - gasLeft - 1n];
    case 'work':
      return ['work', tx.reserve - workLeft - 1n];
  }
}
