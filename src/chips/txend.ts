import { term } from '../bus/tuple.js';
import { PRICES } from '../evm/gas.js';
import { OP } from '../evm/opcodes.js';
import { defineChip } from './chip.js';
import { ACCESS, accessTerms } from './lib/account.js';
import { LIMBS_128, range128Terms, rangeTerms, valueOfLimbs } from './lib/range.js';

/** The end of a transaction that ran code (`circuits/chips/txend.circom`). */
export const txend = defineChip({
  name: 'txend',
  template: 'TxEnd()',
  columns: {
    en: 1,
    ts: 1,
    call: 1,
    ok: 1,
    gas: 1,
    work: 1,
    jrn: 1,
    fifth: 6,
    capped: 1,
    excess: 6,
    tx: 1,
    gasUsed: 1,
    sender: 1,
    to: 1,
    valueHi: 1,
    valueLo: 1,
    gasLimit: 1,
    priceHi: 1,
    priceLo: 1,
    tipHi: 1,
    tipLo: 1,
    jrnSaved: 1,
    coinbase: 1,
    coinbaseHi: 1,
    senderCell: ACCESS,
    recipientCell: ACCESS,
    coinbaseCell: ACCESS,
    senderNewHi: LIMBS_128,
    senderNewLo: LIMBS_128,
    recipientNewHi: LIMBS_128,
    recipientNewLo: LIMBS_128,
    coinbaseNewHi: LIMBS_128,
    coinbaseNewLo: LIMBS_128,
    senderCarry: 6,
    recipientCarry: 1,
    coinbaseCarry: 6,
  },
  terms: (row) => {
    const { en, ts, call, ok, gas, work, jrn, tx, gasUsed, sender, to, valueHi, valueLo, gasLimit } = row;
    const { priceHi, priceLo, tipHi, tipLo, jrnSaved, coinbase, coinbaseHi, capped } = row;
    const fifth = valueOfLimbs(row.fifth);
    const excess = valueOfLimbs(row.excess);
    const below = (1n - capped) * excess;
    const paid = gasLimit - gas - fifth + below;
    const rest = gasLimit - gas - BigInt(PRICES.refundQuotient) * fifth;
    const saved = { gasUsed, sender, to, valueHi, valueLo, gasLimit, priceHi, priceLo, tipHi, tipLo, jrn: jrnSaved };
    const halves = [
      [row.senderNewHi, row.senderNewLo],
      [row.recipientNewHi, row.recipientNewLo],
      [row.coinbaseNewHi, row.coinbaseNewLo],
    ] as const;
    const parties = [
      [row.senderCell, sender],
      [row.recipientCell, to],
      [row.coinbaseCell, coinbase],
    ] as const;
    return [
      ...rangeTerms(en, [rest, BigInt(PRICES.refundQuotient - 1) - rest]),
      term(-en, 'END', { ts, call, ok, gas, work, jrn, refund: fifth + excess - 2n * below + capped }),
      term(-en, 'SAVED', { call, tx, ...saved }),
      term(en, 'BETWEEN', { ts: ts + 4n, tx: tx + 1n, gasUsed: gasUsed + paid, work, jrn }),
      term(-en, 'BLOCK', { field: BigInt(OP.COINBASE), hi: coinbaseHi, lo: coinbase - (coinbaseHi << 128n) }),
      ...parties.flatMap(([cell, addr], i) => {
        const [hi, lo] = halves[i]!;
        return accessTerms(cell, {
          en,
          addr,
          time: ts + 1n + BigInt(i),
          tx,
          balance: [valueOfLimbs(hi), valueOfLimbs(lo)],
        });
      }),
      ...halves.flat().flatMap((half) => range128Terms(en, half)),
      ...rangeTerms(en, [...row.fifth, ...row.excess, ...row.senderCarry, ...row.coinbaseCarry]),
    ];
  },
});
