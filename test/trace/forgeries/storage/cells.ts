import type { Columns, RowOf, TraceRow } from '../../../../src/chips/chip.js';
import { initialSlot } from '../../../../src/chips/lib/slot.js';
import { OP } from '../../../../src/evm/opcodes.js';
import { slotEndRow } from '../../../../src/trace/execution/storage-rows.js';
import { Draft, type Edit } from '../../../helpers/execution-forger.js';
import type { StorageWorld } from '../../../helpers/storage-world.js';
import { ALICE, alice, all, BOB, columns, OTHER, SET, type StorageForgery, set, slot, world } from './world.js';

const first = initialSlot(7n);
const bobsFirst = { cur: 8n, orig: 8n };
/** As if touched before in the transaction. */
const own = { tx: 1n, warm: 1n };

/** An end of SET beside the one that it has. */
function secondEnd(w: StorageWorld): StorageWorld {
  w.rows.push(slotEndRow(ALICE, SET, first));
  return w;
}

/** Adds a row once more, edited; the rest goes on without it. */
function beside(w: StorageWorld, row: TraceRow, edit: Edit): StorageWorld {
  const draft = new Draft(row.row);
  edit(draft);
  w.rows.push({ ...row, row: draft.columns as RowOf<Columns> });
  return w;
}

/** Whose slot, which value, when. */
export const CELLS: StorageForgery[] = [
  [
    'slot of another account',
    'FRAME',
    () =>
      alice()
        .sees(set, bobsFirst)
        .load(SET, columns({ addr: BOB }))
        .sees(set, first)
        .end(true),
  ],
  [
    'slot of another account written',
    'FRAME',
    () =>
      alice()
        .sees(set, bobsFirst)
        .store(SET, 5n, columns({ addr: BOB }))
        .sees(set, first)
        .end(true),
  ],
  [
    'slot of another account, whose frame is looked up',
    'EXEC STACK',
    () => {
      const w = world().call(BOB).end(true).call(ALICE);
      return w
        .sees(set, bobsFirst)
        .push(SET)
        .step(OP.SLOAD, (row) => row.set('addr', BOB).set('tx', 1n).put('slot', { 9: 0n }).put('exec', { 1: 0n }))
        .sees(set, first)
        .end(true);
    },
  ],
  [
    'another transaction: warmth of T + 1',
    'FRAME',
    () =>
      alice()
        .load(SET, all(columns({ tx: 2n }), slot({ txGap: 1n })))
        .end(true),
  ],
  [
    'another transaction: the first touch again',
    'FRAME',
    () =>
      alice()
        .load(SET)
        .load(SET, all(columns({ tx: 2n }), slot({ first: 1n })))
        .end(true),
  ],
  [
    'another key loaded',
    'STACK',
    () =>
      alice()
        .sees(set, { cur: 9n, orig: 9n })
        .load(SET, (row) => row.put('key', { 1: OTHER }))
        .sees(set, first)
        .end(true),
  ],
  [
    'another key stored',
    'STACK',
    () =>
      alice()
        .sees(set, { cur: 9n, orig: 9n })
        .store(SET, 5n, (row) => row.put('key', { 1: OTHER }))
        .sees(set, first)
        .end(true),
  ],
  [
    'another value stored',
    'STACK',
    () =>
      alice()
        .store(SET, 5n, (row) => row.put('value', { 1: 6n }))
        .end(true),
  ],
  [
    'another value loaded',
    'SLOT',
    () =>
      alice()
        .load(SET, slot({ curLo: 6n }))
        .end(true),
  ],
  [
    'the value before the last write loaded',
    'SLOT',
    () => alice().store(SET, 5n).sees(set, { cur: 7n }).load(SET).end(true),
  ],
  ['a cell read twice', 'SLOT', () => alice().store(SET, 5n).sees(set, first).load(SET).end(true)],
  ['a write dropped', 'SLOT', () => alice().store(SET, 5n).end(true).sees(set, { cur: 7n })],
  ['a write in the end that never was', 'SLOT', () => alice().load(SET).end(true).sees(set, { cur: 5n })],
  ['an end of an earlier cell', 'SLOT', () => alice().store(SET, 5n).end(true).sees(set, first)],
  ['two ends', 'SLOT SLOTEND', () => secondEnd(alice().store(SET, 5n).end(true))],
  [
    'an end twice, and once less',
    'constraint',
    () => {
      const w = secondEnd(alice().store(SET, 5n).end(true));
      return beside(w, w.rows.at(-1)!, columns({ en: -1n }));
    },
  ],
  [
    'a slot that L1 does not list',
    'SLOT SLOTEND',
    () => {
      const w = alice();
      w.slots.set(ALICE, 99n, initialSlot(1n));
      w.unlisted.push({ address: ALICE, key: 99n });
      return w.load(99n).end(true);
    },
  ],
  [
    'time gap negative: two rows read what the other leaves',
    'RANGE12',
    // The load is at t, the store at t + 3; nobody ever wrote 5.
    () =>
      alice()
        .sees(set, { ...own, cur: 5n })
        .load(SET, slot({ gap: -4n }))
        .store(SET, 5n)
        .sees(set, first)
        .end(true),
  ],
  [
    'time gap zero: an access feeds itself',
    'RANGE12',
    () =>
      alice()
        .sees(set, { ...own, cur: 5n })
        .load(SET, slot({ gap: -1n }))
        .sees(set, first)
        .end(true),
  ],
  [
    'an access outside the chain',
    'CODE EXEC SLOT STACK',
    () => {
      const w = alice().load(SET).end(true);
      return beside(w, w.rows[0]!, (row) => row.put('exec', { 0: 1000n, 3: 77n }));
    },
  ],
  [
    'a row twice, and once less',
    'constraint',
    () => {
      const w = alice().load(SET).end(true);
      const honest = w.rows[0]!;
      w.rows.push(honest);
      return beside(w, honest, columns({ en: -1n }));
    },
  ],
];
