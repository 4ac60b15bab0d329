import { term } from '../bus/tuple.js';
import { defineChip } from './chip.js';
import { ACCESS, accessTerms } from './lib/account.js';
import { rangeTerms } from './lib/range.js';
import { NO_TRANSACTION, TRANSACTION_COLUMNS, transactionTerms } from './lib/transaction.js';

/** Why a row says its transaction is skipped: the position in its `reason` column. */
export const SKIP_REASONS = [
  'nonce',
  'senderCodeHi',
  'senderCodeLo',
  'balanceHi',
  'balanceLo',
  'gasLimit',
  'work',
  'recipientCodeHi',
  'recipientCodeLo',
] as const;

/** Those that there are where code runs. */
export const CODE_SKIP_REASONS = SKIP_REASONS.slice(0, 7);

const NO_ACCESS = Array<bigint>(ACCESS).fill(0n);

/** @param uncovered whether the version covers no calls of code (`circuits/chips/txskip.circom`) */
function skipChip(name: string, uncovered: boolean) {
  const reasons = uncovered ? SKIP_REASONS : CODE_SKIP_REASONS;
  return defineChip({
    name,
    file: 'txskip',
    template: `TxSkip(${uncovered ? 1 : 0})`,
    outputs: 33,
    columns: {
      ...TRANSACTION_COLUMNS,
      limit: 1,
      senderCell: ACCESS,
      recipientCell: ACCESS,
      reason: reasons.length,
      slack: 11,
      spare: 4,
    },
    padding: {
      ...NO_TRANSACTION,
      limit: 0n,
      senderCell: NO_ACCESS,
      recipientCell: NO_ACCESS,
      reason: reasons.map(() => 0n),
      slack: Array<bigint>(11).fill(0n),
      spare: [0n, 0n, 0n, 0n],
    },
    terms: (row) => {
      const { en, ts, tx, sender, to, limit } = row;
      return [
        ...transactionTerms(row, row.spare, 3n, false),
        term(-en, 'BLOCK', { field: 0x45n, hi: 0n, lo: limit }),
        ...accessTerms(row.senderCell, { en, addr: sender, time: ts + 1n, tx }),
        ...accessTerms(row.recipientCell, { en, addr: to, time: ts + 2n, tx }),
        ...rangeTerms(en, row.slack),
      ];
    },
  });
}

/** A parsed transaction that is skipped for a true reason. */
export const txskip = skipChip('txskip', true);

/** The same where code runs. */
export const txskipCode = skipChip('txskip.code', false);
