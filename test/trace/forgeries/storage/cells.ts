import type { TraceRow } from '../../../../src/chips/chip.js';
import { initialSlot } from '../../../../src/chips/lib/slot.js';
import { OP } from '../../../../src/evm/opcodes.js';
import { slotEndRow } from '../../../../src/trace/execution/storage-rows.js';
import { type Edit, edited } from '../../../helpers/execution-forger.js';
import type { StorageWorld } from '../../../helpers/storage-world.js';
import { ALICE, alice, all, BOB, columns, OTHER, SET, set, slot, storageForgeries, world } from './world.js';

const first = initialSlot(7n);
const bobsFirst = { cur: 8n, orig: 8n };
/** As if touched before in the transaction. */
const own = { tx: 1n, warm: 1n };

/** An end of SET beside the one that it has. */
const secondEnd = (w: StorageWorld) => w.rows.push(slotEndRow(ALICE, SET, first));

/** Adds a row once more, edited; the rest goes on without it. */
function beside(w: StorageWorld, row: TraceRow, edit: Edit): StorageWorld {
  w.rows.push({ ...row, row: edited(row.row, edit) });
  return w;
}

/** Whose slot, which value, when. */
export const CELLS = storageForgeries('storage: slots', [
  {
    name: 'slot of another account',
    caughtBy: 'FRAME',
    honest: alice,
    change: (w) =>
      w
        .sees(set, bobsFirst)
        .load(SET, columns({ addr: BOB }))
        .sees(set, first),
  },
  {
    name: 'slot of another account written',
    caughtBy: 'FRAME',
    honest: alice,
    change: (w) =>
      w
        .sees(set, bobsFirst)
        .store(SET, 5n, columns({ addr: BOB }))
        .sees(set, first),
  },
  {
    name: 'slot of another account, whose frame is looked up',
    caughtBy: 'EXEC STACK',
    honest: () => world().call(BOB).end(true).call(ALICE),
    change: (w) =>
      w
        .sees(set, bobsFirst)
        .push(SET)
        .step(OP.SLOAD, (row) => row.set('addr', BOB).set('tx', 1n).put('slot', { 9: 0n }).put('exec', { 1: 0n }))
        .sees(set, first),
  },
  {
    name: 'another transaction: warmth of T + 1',
    caughtBy: 'FRAME',
    honest: alice,
    change: (w) => w.load(SET, all(columns({ tx: 2n }), slot({ txGap: 1n }))),
  },
  {
    name: 'another transaction: the first touch again',
    caughtBy: 'FRAME',
    honest: () => alice().load(SET),
    change: (w) => w.load(SET, all(columns({ tx: 2n }), slot({ first: 1n }))),
  },
  {
    name: 'another key loaded',
    caughtBy: 'STACK',
    honest: alice,
    change: (w) =>
      w
        .sees(set, { cur: 9n, orig: 9n })
        .load(SET, (row) => row.put('key', { 1: OTHER }))
        .sees(set, first),
  },
  {
    name: 'another key stored',
    caughtBy: 'STACK',
    honest: alice,
    change: (w) =>
      w
        .sees(set, { cur: 9n, orig: 9n })
        .store(SET, 5n, (row) => row.put('key', { 1: OTHER }))
        .sees(set, first),
  },
  {
    name: 'another value stored',
    caughtBy: 'STACK',
    honest: alice,
    change: (w) => w.store(SET, 5n, (row) => row.put('value', { 1: 6n })),
  },
  { name: 'another value loaded', caughtBy: 'SLOT', honest: alice, change: (w) => w.load(SET, slot({ curLo: 6n })) },
  {
    name: 'the value before the last write loaded',
    caughtBy: 'SLOT',
    honest: () => alice().store(SET, 5n),
    change: (w) => w.sees(set, { cur: 7n }).load(SET),
  },
  {
    name: 'a cell read twice',
    caughtBy: 'SLOT',
    honest: () => alice().store(SET, 5n),
    change: (w) => w.sees(set, first).load(SET),
  },
  {
    name: 'a write dropped',
    caughtBy: 'SLOT',
    honest: () => alice().store(SET, 5n).end(true),
    change: (w) => w.sees(set, { cur: 7n }),
  },
  {
    name: 'a write in the end that never was',
    caughtBy: 'SLOT',
    honest: () => alice().load(SET).end(true),
    change: (w) => w.sees(set, { cur: 5n }),
  },
  {
    name: 'an end of an earlier cell',
    caughtBy: 'SLOT',
    honest: () => alice().store(SET, 5n).end(true),
    change: (w) => w.sees(set, first),
  },
  {
    name: 'two ends',
    caughtBy: 'SLOT SLOTEND',
    honest: () => alice().store(SET, 5n).end(true),
    change: secondEnd,
  },
  {
    name: 'an end twice, and once less',
    caughtBy: 'constraint',
    honest: () => alice().store(SET, 5n).end(true),
    change: (w) => {
      secondEnd(w);
      beside(w, w.rows.at(-1)!, columns({ en: -1n }));
    },
  },
  {
    name: 'a slot that L1 does not list',
    caughtBy: 'SLOT SLOTEND',
    honest: alice,
    change: (w) => {
      w.slots.set(ALICE, 99n, initialSlot(1n));
      w.unlisted.push({ address: ALICE, key: 99n });
      w.load(99n);
    },
  },
  {
    name: 'time gap negative: two rows read what the other leaves',
    caughtBy: 'RANGE12',
    honest: alice,
    // The load is at t, the store at t + 3; nobody ever wrote 5.
    change: (w) =>
      w
        .sees(set, { ...own, cur: 5n })
        .load(SET, slot({ gap: -4n }))
        .store(SET, 5n)
        .sees(set, first),
  },
  {
    name: 'time gap zero: an access feeds itself',
    caughtBy: 'RANGE12',
    honest: alice,
    change: (w) =>
      w
        .sees(set, { ...own, cur: 5n })
        .load(SET, slot({ gap: -1n }))
        .sees(set, first),
  },
  {
    name: 'an access outside the chain',
    caughtBy: 'CODE EXEC SLOT STACK',
    honest: () => alice().load(SET).end(true),
    change: (w) => beside(w, w.rows[0]!, (row) => row.put('exec', { 0: 1000n, 3: 77n })),
  },
  {
    name: 'a row twice, and once less',
    caughtBy: 'constraint',
    honest: () => alice().load(SET).end(true),
    change: (w) => {
      const honest = w.rows[0]!;
      w.rows.push(honest);
      beside(w, honest, columns({ en: -1n }));
    },
  },
]);
