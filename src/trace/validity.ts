import { EMPTY_CODE_HASH, type ParsedTx, type SkipReason } from '../batch/types.js';
import { WORK } from '../batch/work.js';
import { toLimbs } from '../bus/field.js';
import { type AccountCell, EMPTY_CODE } from '../chips/lib/account.js';
import type { CODE_SKIP_REASONS } from '../chips/txskip.js';

/** Why a transaction is skipped, where code runs. `work`: the reserve, and with it what the recipient's code costs. */
export type StateReason = Exclude<SkipReason, 'uncovered'>;

/** All of them. */
export const STATE_REASONS: readonly StateReason[] = ['nonce', 'senderCode', 'balance', 'gasLimit', 'work'];

/** A parsed transaction in its state: what decides whether it is skipped. */
export interface Situation {
  readonly tx: ParsedTx;
  /** The cells as the row sees them. */
  readonly sender: AccountCell;
  readonly recipient: AccountCell;
  /** Gas that the batch has left. */
  readonly gasLeft: bigint;
  /** Work that is left after the transaction's `use`. */
  readonly workLeft: bigint;
  /** Bytes of the recipient's code. */
  readonly codeLen: bigint;
}

/** Whether an account has code. */
export function hasCode({ code }: AccountCell): boolean {
  return code !== BigInt(EMPTY_CODE_HASH);
}

/** Work set aside when a transaction begins: the reserve, and the code that L1 puts on the bus for it. */
export function workReserved({ tx, recipient, codeLen }: Pick<Situation, 'tx' | 'recipient' | 'codeLen'>): bigint {
  return tx.reserve + (hasCode(recipient) ? BigInt(WORK.codeByte) * codeLen : 0n);
}

/** A reason that is true in this situation; none: the transaction is valid. */
export function reasonOf(situation: Situation): StateReason | undefined {
  return STATE_REASONS.find((reason) => proofOf(reason, situation)[1] >= 0n);
}

/** Which reason of the row shows `reason`, and its slack: negative when the reason is false. */
export function proofOf(
  reason: StateReason,
  situation: Situation,
): [name: (typeof CODE_SKIP_REASONS)[number], slack: bigint] {
  const { tx, sender, recipient, gasLeft, workLeft } = situation;
  const when = (condition: boolean) => (condition ? 0n : -1n);
  switch (reason) {
    case 'nonce':
      return ['nonce', when(sender.nonce !== tx.nonce)];
    case 'senderCode':
      return [toLimbs(sender.code)[0] === EMPTY_CODE[0] ? 'senderCodeLo' : 'senderCodeHi', when(hasCode(sender))];
    case 'balance': {
      const [hi, lo] = toLimbs(sender.balance);
      const [maxHi, maxLo] = toLimbs(tx.maxCost);
      return hi === maxHi ? ['balanceLo', maxLo - lo - 1n] : ['balanceHi', maxHi - hi - 1n];
    }
    case 'gasLimit':
      return ['gasLimit', tx.gasLimit - gasLeft - 1n];
    case 'work':
      return [hasCode(recipient) ? 'codeWork' : 'work', workReserved(situation) - workLeft - 1n];
  }
}
