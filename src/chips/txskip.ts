import { term } from '../bus/tuple.js';
import { OP } from '../evm/opcodes.js';
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
] as const;

const NO_ACCESS = Array<bigint>(ACCESS).fill(0n);

/** A parsed transaction that is skipped for a true reason. */
export const txskip = defineChip({
  name: 'txskip',
  file: 'txskip',
  template: 'TxSkip()',
  outputs: 33,
  columns: {
    ...TRANSACTION_COLUMNS,
    limit: 1,
    senderCell: ACCESS,
    recipientCell: ACCESS,
    reason: SKIP_REASONS.length,
    slack: 11,
    spare: 4,
  },
  padding: {
    ...NO_TRANSACTION,
    limit: 0n,
    senderCell: NO_ACCESS,
    recipientCell: NO_ACCESS,
    reason: SKIP_REASONS.map(() => 0n),
    slack: Array<bigint>(11).fill(0n),
    spare: [0n, 0n, 0n, 0n],
  },
  terms: (row) => {
    const { en, ts, tx, sender, to, limit } = row;
    return [
      ...transactionTerms(row, row.spare, 3n, false),
      term(-en, 'BLOCK', { field: BigInt(OP.GASLIMIT), hi: 0n, lo: limit }),
      ...accessTerms(row.senderCell, { en, addr: sender, time: ts + 1n, tx }),
      ...accessTerms(row.recipientCell, { en, addr: to, time: ts + 2n, tx }),
      ...rangeTerms(en, row.slack),
    ];
  },
});
