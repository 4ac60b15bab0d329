import { inverse, mod } from '../../../../src/bus/field.js';
import type { StorageWorld } from '../../../helpers/storage-world.js';
import { ALICE, alice, all, claims, columns, FRESH, SET, settles, slot, storageForgeries } from './world.js';

const HIGH = 1n << 128n;
/** A second transaction, after one that has left SET warm, with another original value. */
const later = (): StorageWorld => alice().store(SET, 5n).end(true).call(ALICE);

/** Prices, refunds, warmth, original values, halts. */
export const GAS = storageForgeries('storage: gas, refunds, warmth, original values', [
  {
    name: 'a cold slot passed as warm by SLOAD',
    caughtBy: 'SLOT',
    honest: alice,
    change: (w) => w.load(SET, slot({ warm: 1n, first: 0n })),
  },
  {
    name: 'a cold slot passed as warm by SSTORE',
    caughtBy: 'SLOT',
    honest: alice,
    change: (w) => w.store(SET, 5n, all(slot({ warm: 1n, first: 0n }), settles(0n))),
  },
  {
    name: 'a slot that an earlier transaction warmed passed as warm',
    caughtBy: 'SLOT',
    honest: later,
    change: (w) => w.load(SET, slot({ first: 0n, txGap: 0n })),
  },
  {
    name: 'the same with the gap that fits',
    caughtBy: 'constraint',
    honest: later,
    change: (w) => w.load(SET, slot({ first: 0n, txGap: 1n })),
  },
  {
    name: 'a slot warmer than warm: its access pays',
    caughtBy: 'SLOT',
    honest: () => alice().load(SET),
    change: (w) => w.load(SET, slot({ warm: 21n })),
  },
  {
    name: 'half a first touch',
    caughtBy: 'constraint RANGE12',
    honest: () => alice().load(SET),
    change: (w) => w.load(SET, slot({ first: inverse(2n), txGap: -inverse(2n) })),
  },
  {
    name: 'first touch claimed at the second, without a gap',
    caughtBy: 'SLOT',
    honest: () => alice().store(SET, 5n),
    change: (w) => w.store(SET, 6n, all(slot({ first: 1n }), claims(5n, 5n, 6n))),
  },
  {
    name: 'first touch claimed at the second, with the gap that fits',
    caughtBy: 'RANGE12',
    honest: () => alice().store(SET, 0n),
    change: (w) => w.store(SET, 7n, all(slot({ first: 1n, txGap: -1n }), claims(0n, 0n, 7n))),
  },
  {
    name: 'original value forged in the cell',
    caughtBy: 'SLOT',
    honest: () => alice().store(SET, 5n),
    change: (w) => w.store(SET, 6n, all(slot({ oldLo: 6n }), claims(6n, 5n, 6n))),
  },
  {
    name: 'original value forged at the first touch, where it is dropped',
    caughtBy: 'SLOT',
    honest: alice,
    change: (w) => w.store(SET, 5n, slot({ oldLo: 6n })),
  },
  {
    name: 'original value of an earlier transaction',
    caughtBy: 'SLOT',
    honest: later,
    change: (w) => w.store(SET, 7n, all(slot({ first: 0n, warm: 1n }), claims(7n, 5n, 7n))),
  },
  {
    name: 'original value: price for another one',
    caughtBy: 'constraint',
    honest: alice,
    change: (w) => w.store(SET, 5n, claims(0n, 7n, 5n)),
  },
  {
    name: 'original value: refund for another one',
    caughtBy: 'constraint',
    honest: () => alice().store(SET, 5n),
    change: (w) => w.store(SET, 6n, claims(6n, 5n, 6n)),
  },
  {
    name: 'fresh slot at the price of a reset',
    caughtBy: 'constraint',
    honest: alice,
    change: (w) => w.store(FRESH, 5n, claims(1n, 1n, 5n)),
  },
  {
    name: 'fresh slot at the price of a dirty one',
    caughtBy: 'constraint',
    honest: alice,
    change: (w) => w.store(FRESH, 5n, claims(1n, 0n, 5n)),
  },
  {
    name: 'a reset at the price of a fresh slot',
    caughtBy: 'constraint',
    honest: alice,
    change: (w) => w.store(SET, 5n, claims(0n, 0n, 5n)),
  },
  {
    name: 'a write that says it changes nothing',
    caughtBy: 'constraint',
    honest: alice,
    change: (w) => w.store(SET, 5n, claims(7n, 7n, 7n)),
  },
  {
    name: 'a write that says the slot is dirty',
    caughtBy: 'constraint',
    honest: alice,
    change: (w) => w.store(SET, 5n, claims(6n, 7n, 5n)),
  },
  {
    name: 'a dirty slot that says it is clean',
    caughtBy: 'constraint',
    honest: () => alice().store(SET, 5n),
    change: (w) => w.store(SET, 6n, claims(5n, 5n, 6n)),
  },
  {
    name: 'a change in the high half alone, denied',
    caughtBy: 'constraint',
    honest: alice,
    change: (w) => w.store(SET, 7n + HIGH, claims(7n, 7n, 7n)),
  },
  {
    name: 'refund for clearing what is not cleared',
    caughtBy: 'constraint',
    honest: alice,
    change: (w) => w.store(SET, 5n, claims(7n, 7n, 0n)),
  },
  {
    name: 'refund for clearing: only the low half is 0',
    caughtBy: 'constraint',
    honest: alice,
    change: (w) => w.store(SET, HIGH, claims(7n, 7n, 0n)),
  },
  {
    name: 'refund for clearing a cleared slot again',
    caughtBy: 'constraint',
    honest: () => alice().store(SET, 0n),
    change: (w) => w.store(SET, 0n, claims(7n, 5n, 0n)),
  },
  {
    name: 'refund for clearing what was never set',
    caughtBy: 'constraint',
    honest: () => alice().store(FRESH, 5n),
    change: (w) => w.store(FRESH, 0n, claims(1n, 5n, 0n)),
  },
  {
    name: 'refund of clearing kept when the slot is filled again',
    caughtBy: 'constraint',
    honest: () => alice().store(SET, 0n),
    change: (w) => w.store(SET, 5n, claims(7n, 3n, 5n)),
  },
  {
    name: 'refund for restoring another value',
    caughtBy: 'constraint',
    honest: () => alice().store(SET, 5n),
    change: (w) => w.store(SET, 6n, claims(7n, 5n, 7n)),
  },
  {
    name: 'refund for restoring, of a fresh slot',
    caughtBy: 'constraint',
    honest: () => alice().store(SET, 5n),
    change: (w) => w.store(SET, 7n, claims(0n, 5n, 0n)),
  },
  {
    name: 'refund for restoring what is not dirty',
    caughtBy: 'constraint',
    honest: alice,
    change: (w) => w.store(SET, 7n, claims(7n, 5n, 7n)),
  },
  {
    name: 'refund larger: a flag of 5',
    caughtBy: 'constraint',
    honest: alice,
    change: (w) => w.store(SET, 0n, columns({ isSet: [1n, 5n, 0n] })),
  },
  {
    name: 'price below 0: a flag of -1',
    caughtBy: 'constraint',
    honest: alice,
    change: (w) => w.store(SET, 5n, columns({ changes: mod(-1n) })),
  },
  {
    name: 'refund counted in the machine before',
    caughtBy: 'EXEC',
    honest: alice,
    change: (w) => w.store(SET, 0n, (row) => row.put('exec', { 9: 19_900n })),
  },
  {
    name: 'gas given back',
    caughtBy: 'EXEC',
    honest: alice,
    change: (w) => w.load(SET, (row) => row.put('exec', { 5: 1_000_000n })),
  },
  {
    name: 'work given back',
    caughtBy: 'EXEC',
    honest: alice,
    change: (w) => w.load(SET, (row) => row.put('exec', { 6: 1n << 41n })),
  },
]);
