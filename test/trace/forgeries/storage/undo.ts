import { mod } from '../../../../src/bus/field.js';
import { limbsOf } from '../../../../src/chips/lib/range.js';
import type { Edit } from '../../../helpers/execution-forger.js';
import type { StorageWorld } from '../../../helpers/storage-world.js';
import { ALICE, alice, all, BOB, columns, FRESH, fresh, OTHER, SET, type StorageForgery, set } from './world.js';

/** Two writes to SET, one to FRESH; the frame has failed. */
const failed = (): StorageWorld => alice().store(SET, 5n).store(SET, 6n).store(FRESH, 1n).stop(false);

/** The row that undoes the write to FRESH is edited; the rest goes on from it. */
const takes = (edit: Edit): StorageWorld => failed().undo(edit).end(false);

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

/**
 * Two failed transactions write to SET at the journal's place 0. The first takes back what the second will write, so that it may
 * "restore" anything; the second takes the entry of the first.
 */
function future(): StorageWorld {
  const build = (later: bigint) => {
    const w = alice().store(SET, 5n).stop(false);
    const own = w.journal[0]!;
    const taken: Edit = (row) => row.set('oldLo', 666n).set('writeGap', [mod(row.get('ts') - 1n - later), 0n, 0n]);
    w.undo(taken).close().call(ALICE).store(SET, 5n).stop(false);
    const written = w.journal[0]!.ts;
    w.journal[0] = own;
    return { w: w.end(false), written };
  };
  return build(build(0n).written).w;
}

/** Journal and failed frames. */
export const UNDO: StorageForgery[] = [
  ['a reverted write kept', 'END', () => failed().undo().undo().close()],
  ['all reverted writes kept', 'END', () => failed().close()],
  ['a failed frame ends as if it had succeeded', 'END', () => outcome(failed(), 1n).close()],
  ['undo of a frame that succeeded', 'END', () => outcome(alice().store(SET, 5n).stop(true), 0n).undo().close()],
  ['an undo left out in the middle', 'END', () => length(reversed(failed().undo(), true), 1n).undo().close()],
  ['undo in the wrong order: the first write stays', 'JRN', () => reversed(failed().undo(), false).end(false)],
  [
    'undo in the wrong order, each entry at its place',
    'END',
    () => length(length(length(reversed(failed().undo(), true), 1n).undo(), 2n).undo(), 0n).close(),
  ],
  [
    'undo further than the frame',
    'END',
    () => alice().store(SET, 5n).end(true).call(ALICE).store(FRESH, 1n).stop(false).undo().undo().close(),
  ],
  ['entry of another slot', 'JRN', () => takes(all(columns({ keyLo: OTHER }), untouched(9n)))],
  ['entry of another account', 'JRN', () => takes(all(columns({ addr: BOB, keyLo: SET }), untouched(8n)))],
  ['entry with another old value', 'JRN', () => takes(columns({ oldLo: 3n }))],
  ['entry with another old value, high half', 'JRN', () => takes(columns({ oldHi: 3n }))],
  ['entry of another time', 'JRN', () => takes((row) => row.put('writeGap', { 0: 100n }))],
  [
    'an entry twice',
    'JRN',
    () => {
      const w = failed().undo();
      const again = w.journal.at(-1)!;
      w.undo();
      w.journal[0] = again;
      return w.end(false);
    },
  ],
  ['an entry of the future', 'RANGE12', future],
  ['undo of a stale cell', 'SLOT', () => failed().sees(fresh, { cur: 0n }).end(false)],
  ['undo that forges the original value', 'SLOT', () => takes(columns({ origLo: 3n }))],
  ['undo that makes a slot cold', 'SLOT', () => takes(columns({ warm: 0n }))],
  ['undo that moves a slot to another transaction', 'SLOT', () => takes(columns({ tx: 0n }))],
  [
    'undo of a cell of the future: the first write stays',
    'RANGE12',
    () => {
      // It takes what the undo after it sends, and the end takes what it sends.
      const w = alice().store(SET, 5n).store(SET, 6n).stop(false);
      const before = w.slots.at(ALICE, SET);
      w.sees(set, { cur: 7n }).undo(columns({ slotGap: [mod(-2n), 0n, 0n] }));
      const sent = w.slots.at(ALICE, SET);
      w.sees(set, before).undo().sees(set, sent);
      return w.close();
    },
  ],
  ['undo at another time', 'END JRN SLOT', () => takes(columns({ ts: 100n }))],
  ['undo that gives gas back', 'END', () => takes(columns({ gas: 1_000_000n }))],
  ['undo that gives work back', 'END', () => takes(columns({ work: 1n << 41n }))],
  ['undo of another frame', 'END', () => takes(columns({ call: 77n }))],
];
