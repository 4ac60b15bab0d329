import { MAX_CODE_BYTES } from '../batch/genesis.js';
import { term } from '../bus/tuple.js';
import { OP } from '../evm/opcodes.js';
import { WORK } from '../evm/work.js';
import { defineChip } from './chip.js';
import { ACCESS, accessTerms, EMPTY_ACCESS } from './lib/account.js';
import { LIMBS_128, range128Terms, rangeTerms, valueOfLimbs } from './lib/range.js';
import { TRANSACTION_COLUMNS, txTerm } from './lib/transaction.js';

/**
 * Work before the first step of a code of `codeLen` bytes: what is left beside the reserve, and of the reserve what is for the gas and for
 * the part of the longest code that this one does not have, less what every run takes.
 */
export function workAtStart(spare: bigint, gasLimit: bigint, codeLen: bigint): bigint {
  const unused = BigInt(WORK.codeByte) * (BigInt(MAX_CODE_BYTES) - codeLen);
  return spare + BigInt(WORK.gas) * gasLimit + unused - BigInt(WORK.run);
}

/** A valid transaction to an account with code begins (`circuits/chips/txbegin.circom`). */
export const txbegin = defineChip({
  name: 'txbegin',
  template: 'TxBegin()',
  columns: {
    ...TRANSACTION_COLUMNS,
    code: 1,
    codeLen: 1,
    count: 1,
    senderCell: ACCESS,
    recipientCell: ACCESS,
    senderNewHi: LIMBS_128,
    senderNewLo: LIMBS_128,
    recipientNewHi: LIMBS_128,
    recipientNewLo: LIMBS_128,
    senderCarry: 6,
    recipientCarry: 1,
    same: 1,
    slack: 11,
    spareGas: 6,
    spare: 4,
  },
  padding: { senderCell: EMPTY_ACCESS, recipientCell: EMPTY_ACCESS, same: 1n },
  terms: (row) => {
    const { en, ts, tx, gasUsed, jrn, sender, to, valueHi, valueLo, priceHi, priceLo, code, codeLen, count } = row;
    const { gasLimit, intrinsic, tipHi, tipLo, dataLen } = row;
    const spare = valueOfLimbs(row.spare);
    const work = row.use + row.reserve + spare;
    const start = ts + 3n;
    const [, , , hashHi, hashLo] = row.recipientCell as [bigint, bigint, bigint, bigint, bigint];
    const senderNew = [valueOfLimbs(row.senderNewHi), valueOfLimbs(row.senderNewLo)] as const;
    const recipientNew = [valueOfLimbs(row.recipientNewHi), valueOfLimbs(row.recipientNewLo)] as const;
    const payment = { valueHi, valueLo, priceHi, priceLo };
    return [
      txTerm(row),
      term(-en, 'BETWEEN', { ts, tx, gasUsed, work, jrn }),
      term(-en, 'BLOCK', { field: BigInt(OP.GASLIMIT), hi: 0n, lo: gasUsed + gasLimit + valueOfLimbs(row.spareGas) }),
      term(-en, 'CODEBLOB', { code, len: codeLen, hashHi, hashLo }),
      term(-en, 'KEYS', { tx, count }),
      term(en, 'WARMING', { ts: start, tx, n: 1n }),
      term(-en, 'WARMING', { ts: start + count, tx, n: count + 1n }),
      term(en, 'EXEC', {
        ts: start + count,
        call: ts,
        code,
        pc: 0n,
        sp: 0n,
        gas: gasLimit - intrinsic,
        work: workAtStart(spare, gasLimit, codeLen),
        mem: 0n,
        jrn,
        refund: 0n,
      }),
      term(en, 'NEWFRAME', { call: ts, addr: to, caller: sender, ...payment, tx, birth: 0n, dataLen, codeLen }),
      term(en, 'SAVED', { call: ts, tx, gasUsed, sender, to, ...payment, tipHi, tipLo, gasLimit, jrn }),
      ...accessTerms(row.senderCell, { en, addr: sender, time: ts + 1n, tx, up: 1n, balance: senderNew }),
      ...accessTerms(row.recipientCell, { en, addr: to, time: ts + 2n, tx, balance: recipientNew }),
      ...[row.senderNewHi, row.senderNewLo, row.recipientNewHi, row.recipientNewLo].flatMap((half) =>
        range128Terms(en, half),
      ),
      ...rangeTerms(en, [...row.slack, ...row.spareGas, ...row.senderCarry, ...row.spare]),
    ];
  },
});
