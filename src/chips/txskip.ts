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

const NO_ACCESS = Array<bigint>(ACCESS).fill(0n);

/** A parsed transaction that is skipped for a true reason (`circuits/chips/txskip.circom`). */
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
      term(-en, 'BLOCK', { field: 0x45n, hi: 0n, lo: limit }),
      ...accessTerms(row.senderCell, { en, addr: sender, time: ts + 1n, tx }),
      ...accessTerms(row.recipientCell, { en, addr: to, time: ts + 2n, tx }),
      ...rangeTerms(en, row.slack),
    ];
  },
});

/** Why a row says its transaction is skipped, where code runs. */
export const CODE_SKIP_REASONS = [
  'nonce',
  'senderCodeHi',
  'senderCodeLo',
  'balanceHi',
  'balanceLo',
  'gasLimit',
  'work',
  'codeWork',
] as const;

/** A parsed transaction that is skipped for a true reason, where code runs (`circuits/chips/txskip.circom`). */
export const txskipCode = defineChip({
  name: 'txskip.code',
  file: 'txskip',
  template: 'TxSkipCode()',
  outputs: 34,
  columns: {
    ...TRANSACTION_COLUMNS,
    limit: 1,
    senderCell: ACCESS,
    recipientCell: ACCESS,
    reason: CODE_SKIP_REASONS.length,
    code: 1,
    codeLen: 1,
    slack: 11,
    spare: 4,
  },
  padding: {
    ...NO_TRANSACTION,
    limit: 0n,
    senderCell: NO_ACCESS,
    recipientCell: NO_ACCESS,
    reason: CODE_SKIP_REASONS.map(() => 0n),
    code: 0n,
    codeLen: 0n,
    slack: Array<bigint>(11).fill(0n),
    spare: [0n, 0n, 0n, 0n],
  },
  terms: (row) => {
    const { en, ts, tx, sender, to, limit, code, codeLen, recipientCell } = row;
    const [, , , hashHi, hashLo] = recipientCell as [bigint, bigint, bigint, bigint, bigint];
    return [
      ...transactionTerms(row, row.spare, 3n, false),
      term(-en, 'BLOCK', { field: 0x45n, hi: 0n, lo: limit }),
      ...accessTerms(row.senderCell, { en, addr: sender, time: ts + 1n, tx }),
      ...accessTerms(recipientCell, { en, addr: to, time: ts + 2n, tx }),
      ...rangeTerms(en, row.slack),
      term(-row.reason[7]!, 'CODEBLOB', { code, len: codeLen, hashHi, hashLo }),
    ];
  },
});
