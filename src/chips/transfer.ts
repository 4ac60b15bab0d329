import { term } from '../bus/tuple.js';
import { OP } from '../evm/opcodes.js';
import { defineChip } from './chip.js';
import { ACCESS, accessTerms, EMPTY_ACCESS } from './lib/account.js';
import { range128Terms, rangeTerms, valueOfLimbs } from './lib/range.js';
import { TRANSACTION_COLUMNS, transactionTerms } from './lib/transaction.js';

/** A valid transaction to an account without code, executed (`circuits/chips/transfer.circom`). */
export const transfer = defineChip({
  name: 'transfer',
  template: 'Transfer()',
  columns: {
    ...TRANSACTION_COLUMNS,
    coinbase: 1,
    coinbaseHi: 1,
    senderCell: ACCESS,
    recipientCell: ACCESS,
    coinbaseCell: ACCESS,
    senderNewHi: 11,
    senderNewLo: 11,
    recipientNewHi: 11,
    recipientNewLo: 11,
    coinbaseNewHi: 11,
    coinbaseNewLo: 11,
    senderCarry: 6,
    recipientCarry: 1,
    coinbaseCarry: 6,
    same: 1,
    slack: 11,
    spareGas: 6,
    spare: 4,
  },
  padding: { senderCell: EMPTY_ACCESS, recipientCell: EMPTY_ACCESS, coinbaseCell: EMPTY_ACCESS, same: 1n },
  terms: (row) => {
    const { en, ts, tx, sender, to, coinbase, coinbaseHi } = row;
    const limit = row.gasUsed + row.gasLimit + valueOfLimbs(row.spareGas);
    const newBalances = [
      [row.senderNewHi, row.senderNewLo],
      [row.recipientNewHi, row.recipientNewLo],
      [row.coinbaseNewHi, row.coinbaseNewLo],
    ] as const;
    const balances = newBalances.map(([hi, lo]) => [valueOfLimbs(hi), valueOfLimbs(lo)] as const);
    const at = (k: number, addr: bigint) => ({ en, addr, tx, time: ts + BigInt(k), balance: balances[k - 1]! });
    return [
      ...transactionTerms(row, row.spare, 4n, true),
      term(-en, 'BLOCK', { field: BigInt(OP.GASLIMIT), hi: 0n, lo: limit }),
      term(-en, 'BLOCK', { field: BigInt(OP.COINBASE), hi: coinbaseHi, lo: coinbase - (coinbaseHi << 128n) }),
      ...accessTerms(row.senderCell, { ...at(1, sender), up: 1n }),
      ...accessTerms(row.recipientCell, at(2, to)),
      ...accessTerms(row.coinbaseCell, at(3, coinbase)),
      ...newBalances.flat().flatMap((half) => range128Terms(en, half)),
      ...rangeTerms(en, [...row.slack, ...row.spareGas, ...row.senderCarry, ...row.coinbaseCarry]),
    ];
  },
});
