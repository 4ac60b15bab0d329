import { word } from '../../../src/batch/bytes.js';
import type { TupleFields } from '../../../src/bus/tuple.js';
import type { JournalEntry } from '../../../src/trace/execution/journal.js';
import type { FrameMachine } from '../../../src/trace/execution/machine.js';
import { undoChanges } from '../../../src/trace/execution/storage-rows.js';
import type { Lie } from '../../helpers/batch-forger.js';
import { CONTRACT, callsOf, mixedBatch, program } from '../../helpers/code-batch.js';
import { type Attack, age, amendNth, begins, nth, OWNER, timeOf } from './world.js';

const PLAIN = { value: 0n };
const WITH_WEI = { value: 1n };
const CLEARS = program('PUSH0 PUSH1 0x03 SSTORE STOP');
/** Two writes of slot 1, and a revert. */
const REVERTS = program('PUSH1 0x08 PUSH1 0x01 SSTORE PUSH1 0x09 PUSH1 0x01 SSTORE PUSH0 PUSH0 REVERT');
/** Without value slot 1 is written and the frame halts, with value slot 3 is and it reverts. */
const BOTH_FAIL = program(`CALLVALUE @second JUMPI PUSH1 0x09 PUSH1 0x01 SSTORE INVALID
  second: PUSH0 PUSH1 0x03 SSTORE PUSH0 PUSH0 REVERT`);

/** A failed frame's writes stay; this is what it says of its end. */
function keeps(end: (end: TupleFields<'END'>, jrn: bigint) => TupleFields<'END'>): Lie {
  return {
    undo: (machine, jrn) => {
      machine.end = end(machine.end!, jrn);
    },
  };
}

/** The topmost journal entry, changed, is undone. */
function undoes(machine: FrameMachine, change: Partial<JournalEntry>): void {
  const { journal } = machine;
  journal.slot({ ...journal.pop(), ...change });
  undoChanges(machine, machine.end!.jrn - 1n);
}

/** Lies about frames, and about what passes from one to the next. */
export const FRAME_ATTACKS = {
  kept: {
    name: 'a reverted write kept',
    caughtBy: 'END',
    honest: mixedBatch,
    change: () => keeps((end, jrn) => ({ ...end, jrn })),
  },
  success: {
    name: 'a revert passed off as a success',
    caughtBy: 'END',
    honest: mixedBatch,
    change: () => keeps((end) => ({ ...end, ok: 1n })),
  },
  olderEntry: {
    name: 'a revert that takes the journal entry of an earlier transaction',
    caughtBy: 'JRN',
    honest: mixedBatch,
    change: () => ({
      undo: (machine, jrn) => {
        const [first] = machine.journal.entries;
        undoChanges(machine, jrn + 1n);
        undoes(machine, { ts: first!.ts, old: first!.old });
      },
    }),
  },
  swapped: {
    name: 'two writes of a slot undone in the wrong order',
    caughtBy: 'JRN',
    honest: () => callsOf(REVERTS, [PLAIN]),
    change: () => ({
      undo: (machine) => {
        const [first, second] = machine.journal.entries as [JournalEntry, JournalEntry];
        undoes(machine, { ts: first.ts, old: first.old });
        undoes(machine, { ts: second.ts, old: second.old });
      },
    }),
  },
  exchanged: {
    name: 'two failed frames exchange their journal entries, one of which is still to be written',
    caughtBy: 'RANGE12',
    honest: () => callsOf(BOTH_FAIL, [PLAIN, WITH_WEI]),
    change: exchanges,
  },
  refund: {
    name: 'a refund carried over from the transaction before',
    caughtBy: 'EXEC',
    honest: () => callsOf(CLEARS, [PLAIN, PLAIN]),
    change: () =>
      begins(2n, (machine) => {
        machine.exec = { ...machine.exec, refund: 4_800n };
      }),
  },
  refundAtEnd: {
    name: 'a refund of the transaction before, at the end',
    caughtBy: 'END',
    honest: () => callsOf(CLEARS, [PLAIN, PLAIN]),
    change: () => ({ end: (end, tx) => (tx === 2n ? { ...end, refund: 4_800n } : end) }),
  },
  warmSlot: {
    name: 'a slot warm that the access list of another transaction names',
    caughtBy: 'SLOT',
    honest: mixedBatch,
    change: () =>
      begins(2n, ({ slots }) => {
        slots.set(OWNER, 3n, { ...slots.at(OWNER, 3n), tx: 2n, warm: 1n });
      }),
  },
  warmKey: {
    name: 'a key warmed that the access list of another transaction names',
    caughtBy: 'KEYS WARM',
    honest: mixedBatch,
    change: () => ({ keys: (tx, T) => (T === 2n ? [{ address: CONTRACT, key: word(3n) }] : tx.keys) }),
  },
} satisfies Readonly<Record<string, Attack>>;

/** Each of the two takes the other's entry: what the first wrote stays undone for ever in the second's slot. */
function exchanges(): Lie {
  let first: JournalEntry;
  return {
    undo: (machine, jrn) => {
      if (machine.frame.tx === 1n) {
        first = machine.journal.entries.at(-1)!;
        undoes(machine, { key: 3n, old: 7n });
      } else {
        undoes(machine, { key: first.key, old: first.old, ts: first.ts });
      }
      if (machine.end!.jrn !== jrn) throw new Error('one write each');
    },
    rows: (rows) => {
      const undone = nth(rows, 'undo', 0).row.ts as unknown as bigint;
      return amendNth(rows, 'undo', 0, (row) => row.set('writeGap', age(undone - 1n - timeOf(rows, 'sstore', 1))));
    },
  };
}
