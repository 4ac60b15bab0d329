import { inverse } from '../../../../src/bus/field.js';
import { alice, all, columns, FRESH, fresh, SET, set, settles, slot, storageForgeries, storeWith } from './world.js';

/** Out of gas, or not. */
export const HALTS = storageForgeries('storage: halts', [
  {
    name: '2300 gas are enough for a write that changes nothing',
    caughtBy: 'RANGE12',
    honest: () => storeWith(2300n),
    change: (w) => w.store(SET, 7n, settles(0n)),
  },
  {
    name: '100 gas are enough for a dirty slot',
    caughtBy: 'RANGE12',
    honest: () => alice(5112n).store(SET, 5n),
    change: (w) => w.store(SET, 6n, settles(0n)),
  },
  {
    name: '2300 gas: limbs of another limit',
    caughtBy: 'constraint',
    honest: () => storeWith(2300n),
    change: (w) => w.store(SET, 7n, all(settles(0n), columns({ low: [0n, 0n], high: [0n, 0n, 0n, 0n] }))),
  },
  {
    name: 'gas below the price of a fresh slot is enough',
    caughtBy: 'RANGE12',
    honest: () => storeWith(22_099n),
    change: (w) => w.store(FRESH, 5n, settles(0n)),
  },
  {
    name: 'SSTORE halts at 2301 gas',
    caughtBy: 'RANGE12',
    honest: () => storeWith(2301n),
    change: (w) => w.store(SET, 7n, settles(1n)),
  },
  {
    name: 'SSTORE halts with exactly its price',
    caughtBy: 'RANGE12',
    honest: () => storeWith(22_100n),
    change: (w) => w.store(FRESH, 5n, settles(1n)),
  },
  {
    name: 'SSTORE halts with plenty of gas',
    caughtBy: 'RANGE12',
    honest: alice,
    change: (w) => w.store(SET, 5n, settles(1n)),
  },
  {
    name: 'SSTORE halts, with less gas than it has',
    caughtBy: 'constraint',
    honest: alice,
    change: (w) => w.store(SET, 5n, columns({ oog: 1n, high: [0n, 0n, 0n, 0n], low: [4n, 1n] })),
  },
  {
    name: 'SLOAD halts with exactly its price',
    caughtBy: 'RANGE12',
    honest: () => alice(2103n),
    change: (w) => w.load(SET, columns({ oog: 1n })),
  },
  {
    name: 'SLOAD halts with plenty of gas',
    caughtBy: 'RANGE12',
    honest: alice,
    change: (w) => w.load(SET, columns({ oog: 1n })),
  },
  {
    name: 'SLOAD of a warm slot halts as a cold one',
    caughtBy: 'SLOT',
    honest: () => alice(2210n).load(SET),
    change: (w) => w.load(SET, all(slot({ warm: 0n }), columns({ oog: 1n }))),
  },
  {
    name: 'a halt without an opcode',
    caughtBy: 'constraint END EXEC JRN',
    honest: () => alice().store(SET, 5n).end(true),
    change: (w) => w.add(w.rows[0]!, columns({ en: 0n, oog: 1n })),
  },
  {
    name: 'half a halt',
    caughtBy: 'constraint END EXEC RANGE12',
    honest: alice,
    change: (w) => w.load(SET, columns({ oog: inverse(2n) })),
  },
  {
    name: 'a halted write stays',
    caughtBy: 'SLOT',
    honest: () => storeWith(2300n).store(SET, 5n).end(false),
    change: (w) => w.sees(set, { cur: 5n }),
  },
  {
    name: 'a halted write is journaled',
    caughtBy: 'JRN',
    honest: () => storeWith(2300n).store(SET, 5n).end(false),
    change: (w) => w.log.slot({ idx: 0n, ts: 5n, ...fresh, old: 0n }),
  },
]);
