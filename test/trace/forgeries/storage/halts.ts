import { inverse } from '../../../../src/bus/field.js';
import { alice, all, columns, FRESH, fresh, SET, type StorageForgery, set, settles, slot, storeWith } from './world.js';

/** Out of gas, or not. */
export const HALTS: StorageForgery[] = [
  [
    '2300 gas are enough for a write that changes nothing',
    'RANGE12',
    () => storeWith(2300n).store(SET, 7n, settles(0n)).end(true),
  ],
  [
    '100 gas are enough for a dirty slot',
    'RANGE12',
    () => alice(5112n).store(SET, 5n).store(SET, 6n, settles(0n)).end(true),
  ],
  [
    '2300 gas: limbs of another limit',
    'constraint',
    () =>
      storeWith(2300n)
        .store(SET, 7n, all(settles(0n), columns({ low: [0n, 0n], high: [0n, 0n, 0n, 0n] })))
        .end(true),
  ],
  [
    'gas below the price of a fresh slot is enough',
    'RANGE12',
    () => storeWith(22_099n).store(FRESH, 5n, settles(0n)).end(true),
  ],
  ['SSTORE halts at 2301 gas', 'RANGE12', () => storeWith(2301n).store(SET, 7n, settles(1n)).end(false)],
  ['SSTORE halts with exactly its price', 'RANGE12', () => storeWith(22_100n).store(FRESH, 5n, settles(1n)).end(false)],
  ['SSTORE halts with plenty of gas', 'RANGE12', () => alice().store(SET, 5n, settles(1n)).end(false)],
  [
    'SSTORE halts, with less gas than it has',
    'constraint',
    () =>
      alice()
        .store(SET, 5n, columns({ oog: 1n, high: [0n, 0n, 0n, 0n], low: [4n, 1n] }))
        .end(false),
  ],
  [
    'SLOAD halts with exactly its price',
    'RANGE12',
    () =>
      alice(2103n)
        .load(SET, columns({ oog: 1n }))
        .end(false),
  ],
  [
    'SLOAD halts with plenty of gas',
    'RANGE12',
    () =>
      alice()
        .load(SET, columns({ oog: 1n }))
        .end(false),
  ],
  [
    'SLOAD of a warm slot halts as a cold one',
    'SLOT',
    () =>
      alice(2210n)
        .load(SET)
        .load(SET, all(slot({ warm: 0n }), columns({ oog: 1n })))
        .end(false),
  ],
  [
    'a halt without an opcode',
    'constraint END EXEC JRN',
    () => {
      const w = alice().store(SET, 5n).end(true);
      return w.add(w.rows[0]!, columns({ en: 0n, oog: 1n }));
    },
  ],
  [
    'half a halt',
    'constraint END EXEC RANGE12',
    () =>
      alice()
        .load(SET, columns({ oog: inverse(2n) }))
        .end(true),
  ],
  ['a halted write stays', 'SLOT', () => storeWith(2300n).store(SET, 5n).end(false).sees(set, { cur: 5n })],
  [
    'a halted write is journaled',
    'JRN',
    () => {
      const w = storeWith(2300n).store(SET, 5n).end(false);
      w.log.slot({ idx: 0n, ts: 5n, ...fresh, old: 0n });
      return w;
    },
  ],
];
