import { mod } from '../../../../src/bus/field.js';
import { limbsOf } from '../../../../src/chips/lib/range.js';
import type { Edit } from '../../../helpers/execution-forger.js';
import type { StorageWorld } from '../../../helpers/storage-world.js';
import { ALICE, alice, all, BOB, columns, FRESH, fresh, OTHER, SET, set, storageForgeries } from './world.js';

/** Two writes to SET, one to FRESH; the frame has failed. */
const failed = (): StorageWorld => alice().store(SET, 5n).store(SET, 6n).store(FRESH, 1n).stop(false);

/** The row that undoes the write to FRESH is edited. */
const takes = (edit: Edit) => ({ honest: failed, change: (w: StorageWorld) => w.undo(edit) });

/** Says that the journal has this length at the frame's end. */
function length(w: StorageWorld, jrn: bigint): StorageWorld {
  w.machine.end = { ...w.machine.end!, jrn };
  return w;
}

/** Says whether the frame has succeeded. */
function outcome(w: StorageWorld, ok: bigint): StorageWorld {
  w.machine.end = { ...w.machine.end!, ok, refund: 0n };
  return w;
}

/** Takes the entries on the journal in another order, each under its place or under that of the other. */
function reversed(w: StorageWorld, keepsPlaces: boolean): StorageWorld {
  const places = w.journal.map(({ idx }) => idx);
  w.journal.reverse();
  if (keepsPlaces) return w;
  w.journal.forEach((entry, i) => {
    w.journal[i] = { ...entry, idx: places[i]! };
  });
  return w;
}

/** The cell of a slot that nobody has touched. */
const untouched = (cur: bigint): Edit =>
  all(columns({ curLo: cur, origLo: cur, tx: 0n, warm: 0n }), (row) =>
    row.set('slotGap', limbsOf(row.get('ts') - 1n, 3)),
  );

/** A write to SET, and the frame has failed. */
const written = (): StorageWorld => alice().store(SET, 5n).stop(false);

/**
 * Another failed transaction writes to SET, at the journal's place 0 too. The first takes back what the second will write, at time `later`,
 * so that it may "restore" anything; the second takes the entry of the first.
 * @returns when the second writes
 */
function future(w: StorageWorld, later: bigint): bigint {
  const own = w.journal[0]!;
  const taken: Edit = (row) => row.set('oldLo', 666n).set('writeGap', [mod(row.get('ts') - 1n - later), 0n, 0n]);
  w.undo(taken).close().call(ALICE).store(SET, 5n).stop(false);
  const { ts } = w.journal[0]!;
  w.journal[0] = own;
  return ts;
}

/** Journal and failed frames. */
export const UNDO = storageForgeries('storage: journal', [
  { name: 'a reverted write kept', caughtBy: 'END', honest: () => failed().undo().undo(), change: (w) => w.close() },
  { name: 'all reverted writes kept', caughtBy: 'END', honest: failed, change: (w) => w.close() },
  {
    name: 'a failed frame ends as if it had succeeded',
    caughtBy: 'END',
    honest: failed,
    change: (w) => outcome(w, 1n).close(),
  },
  {
    name: 'undo of a frame that succeeded',
    caughtBy: 'END',
    honest: () => alice().store(SET, 5n).stop(true),
    change: (w) => outcome(w, 0n).undo().close(),
  },
  {
    name: 'an undo left out in the middle',
    caughtBy: 'END',
    honest: () => failed().undo(),
    change: (w) => length(reversed(w, true), 1n).undo().close(),
  },
  {
    name: 'undo in the wrong order: the first write stays',
    caughtBy: 'JRN',
    honest: () => failed().undo(),
    change: (w) => reversed(w, false),
  },
  {
    name: 'undo in the wrong order, each entry at its place',
    caughtBy: 'END',
    honest: () => failed().undo(),
    change: (w) => length(length(length(reversed(w, true), 1n).undo(), 2n).undo(), 0n).close(),
  },
  {
    name: 'undo further than the frame',
    caughtBy: 'END',
    honest: () => alice().store(SET, 5n).end(true).call(ALICE).store(FRESH, 1n).stop(false),
    change: (w) => w.undo().undo().close(),
  },
  { name: 'entry of another slot', caughtBy: 'JRN', ...takes(all(columns({ keyLo: OTHER }), untouched(9n))) },
  {
    name: 'entry of another account',
    caughtBy: 'JRN',
    ...takes(all(columns({ addr: BOB, keyLo: SET }), untouched(8n))),
  },
  { name: 'entry with another old value', caughtBy: 'JRN', ...takes(columns({ oldLo: 3n })) },
  { name: 'entry with another old value, high half', caughtBy: 'JRN', ...takes(columns({ oldHi: 3n })) },
  { name: 'entry of another time', caughtBy: 'JRN', ...takes((row) => row.put('writeGap', { 0: 100n })) },
  {
    name: 'an entry twice',
    caughtBy: 'JRN',
    honest: () => failed().undo(),
    change: (w) => {
      const again = w.journal.at(-1)!;
      w.undo();
      w.journal[0] = again;
    },
  },
  {
    name: 'an entry of the future',
    caughtBy: 'RANGE12',
    honest: written,
    change: (w) => future(w, future(written(), 0n)),
  },
  { name: 'undo of a stale cell', caughtBy: 'SLOT', honest: failed, change: (w) => w.sees(fresh, { cur: 0n }) },
  { name: 'undo that forges the original value', caughtBy: 'SLOT', ...takes(columns({ origLo: 3n })) },
  { name: 'undo that makes a slot cold', caughtBy: 'SLOT', ...takes(columns({ warm: 0n })) },
  { name: 'undo that moves a slot to another transaction', caughtBy: 'SLOT', ...takes(columns({ tx: 0n })) },
  {
    name: 'undo of a cell of the future: the first write stays',
    caughtBy: 'RANGE12',
    honest: () => alice().store(SET, 5n).store(SET, 6n).stop(false),
    change: (w) => {
      // It takes what the undo after it sends, and the end takes what it sends.
      const before = w.slots.at(ALICE, SET);
      w.sees(set, { cur: 7n }).undo(columns({ slotGap: [mod(-2n), 0n, 0n] }));
      const sent = w.slots.at(ALICE, SET);
      w.sees(set, before).undo().sees(set, sent);
    },
  },
  { name: 'undo at another time', caughtBy: 'END JRN SLOT', ...takes(columns({ ts: 100n })) },
  { name: 'undo that gives gas back', caughtBy: 'END', ...takes(columns({ gas: 1_000_000n })) },
  { name: 'undo that gives work back', caughtBy: 'END', ...takes(columns({ work: 1n << 41n })) },
  { name: 'undo of another frame', caughtBy: 'END', ...takes(columns({ call: 77n })) },
]);
