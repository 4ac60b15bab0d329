import { inverse, mod } from '../../../../src/bus/field.js';
import type { StorageWorld } from '../../../helpers/storage-world.js';
import { ALICE, alice, all, claims, columns, FRESH, SET, type StorageForgery, settles, slot } from './world.js';

const HIGH = 1n << 128n;
/** A second transaction, after one that has left SET warm, with another original value. */
const later = (): StorageWorld => alice().store(SET, 5n).end(true).call(ALICE);

/** Prices, refunds, warmth, original values, halts. */
export const GAS: StorageForgery[] = [
  [
    'a cold slot passed as warm by SLOAD',
    'SLOT',
    () =>
      alice()
        .load(SET, slot({ warm: 1n, first: 0n }))
        .end(true),
  ],
  [
    'a cold slot passed as warm by SSTORE',
    'SLOT',
    () =>
      alice()
        .store(SET, 5n, all(slot({ warm: 1n, first: 0n }), settles(0n)))
        .end(true),
  ],
  [
    'a slot that an earlier transaction warmed passed as warm',
    'SLOT',
    () =>
      later()
        .load(SET, slot({ first: 0n, txGap: 0n }))
        .end(true),
  ],
  [
    'the same with the gap that fits',
    'constraint',
    () =>
      later()
        .load(SET, slot({ first: 0n, txGap: 1n }))
        .end(true),
  ],
  [
    'a slot warmer than warm: its access pays',
    'SLOT',
    () =>
      alice()
        .load(SET)
        .load(SET, slot({ warm: 21n }))
        .end(true),
  ],
  [
    'half a first touch',
    'constraint RANGE12',
    () =>
      alice()
        .load(SET)
        .load(SET, slot({ first: inverse(2n), txGap: -inverse(2n) }))
        .end(true),
  ],
  [
    'first touch claimed at the second, without a gap',
    'SLOT',
    () =>
      alice()
        .store(SET, 5n)
        .store(SET, 6n, all(slot({ first: 1n }), claims(5n, 5n, 6n)))
        .end(true),
  ],
  [
    'first touch claimed at the second, with the gap that fits',
    'RANGE12',
    () =>
      alice()
        .store(SET, 0n)
        .store(SET, 7n, all(slot({ first: 1n, txGap: -1n }), claims(0n, 0n, 7n)))
        .end(true),
  ],
  [
    'original value forged in the cell',
    'SLOT',
    () =>
      alice()
        .store(SET, 5n)
        .store(SET, 6n, all(slot({ oldLo: 6n }), claims(6n, 5n, 6n)))
        .end(true),
  ],
  [
    'original value forged at the first touch, where it is dropped',
    'SLOT',
    () =>
      alice()
        .store(SET, 5n, slot({ oldLo: 6n }))
        .end(true),
  ],
  [
    'original value of an earlier transaction',
    'SLOT',
    () =>
      later()
        .store(SET, 7n, all(slot({ first: 0n, warm: 1n }), claims(7n, 5n, 7n)))
        .end(true),
  ],
  [
    'original value: price for another one',
    'constraint',
    () =>
      alice()
        .store(SET, 5n, claims(0n, 7n, 5n))
        .end(true),
  ],
  [
    'original value: refund for another one',
    'constraint',
    () =>
      alice()
        .store(SET, 5n)
        .store(SET, 6n, claims(6n, 5n, 6n))
        .end(true),
  ],
  [
    'fresh slot at the price of a reset',
    'constraint',
    () =>
      alice()
        .store(FRESH, 5n, claims(1n, 1n, 5n))
        .end(true),
  ],
  [
    'fresh slot at the price of a dirty one',
    'constraint',
    () =>
      alice()
        .store(FRESH, 5n, claims(1n, 0n, 5n))
        .end(true),
  ],
  [
    'a reset at the price of a fresh slot',
    'constraint',
    () =>
      alice()
        .store(SET, 5n, claims(0n, 0n, 5n))
        .end(true),
  ],
  [
    'a write that says it changes nothing',
    'constraint',
    () =>
      alice()
        .store(SET, 5n, claims(7n, 7n, 7n))
        .end(true),
  ],
  [
    'a write that says the slot is dirty',
    'constraint',
    () =>
      alice()
        .store(SET, 5n, claims(6n, 7n, 5n))
        .end(true),
  ],
  [
    'a dirty slot that says it is clean',
    'constraint',
    () =>
      alice()
        .store(SET, 5n)
        .store(SET, 6n, claims(5n, 5n, 6n))
        .end(true),
  ],
  [
    'a change in the high half alone, denied',
    'constraint',
    () =>
      alice()
        .store(SET, 7n + HIGH, claims(7n, 7n, 7n))
        .end(true),
  ],
  [
    'refund for clearing what is not cleared',
    'constraint',
    () =>
      alice()
        .store(SET, 5n, claims(7n, 7n, 0n))
        .end(true),
  ],
  [
    'refund for clearing: only the low half is 0',
    'constraint',
    () =>
      alice()
        .store(SET, HIGH, claims(7n, 7n, 0n))
        .end(true),
  ],
  [
    'refund for clearing a cleared slot again',
    'constraint',
    () =>
      alice()
        .store(SET, 0n)
        .store(SET, 0n, claims(7n, 5n, 0n))
        .end(true),
  ],
  [
    'refund for clearing what was never set',
    'constraint',
    () =>
      alice()
        .store(FRESH, 5n)
        .store(FRESH, 0n, claims(1n, 5n, 0n))
        .end(true),
  ],
  [
    'refund of clearing kept when the slot is filled again',
    'constraint',
    () =>
      alice()
        .store(SET, 0n)
        .store(SET, 5n, claims(7n, 3n, 5n))
        .end(true),
  ],
  [
    'refund for restoring another value',
    'constraint',
    () =>
      alice()
        .store(SET, 5n)
        .store(SET, 6n, claims(7n, 5n, 7n))
        .end(true),
  ],
  [
    'refund for restoring, of a fresh slot',
    'constraint',
    () =>
      alice()
        .store(SET, 5n)
        .store(SET, 7n, claims(0n, 5n, 0n))
        .end(true),
  ],
  [
    'refund for restoring what is not dirty',
    'constraint',
    () =>
      alice()
        .store(SET, 7n, claims(7n, 5n, 7n))
        .end(true),
  ],
  [
    'refund larger: a flag of 5',
    'constraint',
    () =>
      alice()
        .store(SET, 0n, columns({ isSet: [1n, 5n, 0n] }))
        .end(true),
  ],
  [
    'price below 0: a flag of -1',
    'constraint',
    () =>
      alice()
        .store(SET, 5n, columns({ changes: mod(-1n) }))
        .end(true),
  ],
  [
    'refund counted in the machine before',
    'EXEC',
    () =>
      alice()
        .store(SET, 0n, (row) => row.put('exec', { 9: 19_900n }))
        .end(true),
  ],
  [
    'gas given back',
    'EXEC',
    () =>
      alice()
        .load(SET, (row) => row.put('exec', { 5: 1_000_000n }))
        .end(true),
  ],
  [
    'work given back',
    'EXEC',
    () =>
      alice()
        .load(SET, (row) => row.put('exec', { 6: 1n << 41n }))
        .end(true),
  ],
];
