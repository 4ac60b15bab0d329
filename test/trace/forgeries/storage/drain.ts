import type { TraceRow } from '../../../../src/chips/chip.js';
import { OP } from '../../../../src/evm/opcodes.js';
import { drainJournal, drainStack } from '../../../../src/trace/execution/storage-rows.js';
import type { StorageWorld } from '../../../helpers/storage-world.js';
import { alice, FRESH, OTHER, SET, type StorageForgery, set } from './world.js';

/** Drains what lies on the journal now. */
function drainsJournal(w: StorageWorld): StorageWorld {
  w.rows.push(...drainJournal(w.journal));
  return w;
}

/** Drains what lies on the stack now. */
function drainsStack(w: StorageWorld): StorageWorld {
  w.rows.push(...drainStack(w.machine));
  return w;
}

/** Drains: which have no condition of their own. */
export const DRAIN: StorageForgery[] = [
  ['an entry that is undone later', 'JRN', () => drainsJournal(alice().store(SET, 5n).stop(false)).end(false)],
  [
    'entries of which some are undone later',
    'JRN',
    () => drainsJournal(alice().store(SET, 5n).end(true).call(0xa11cen).store(FRESH, 5n).stop(false)).end(false),
  ],
  [
    'an entry that never was',
    'JRN',
    () => {
      const w = alice().store(SET, 5n).end(true);
      w.log.slot({ idx: 1n, ts: 3n, ...set, old: 1n });
      return w;
    },
  ],
  [
    'an entry that stays, left on the bus',
    'JRN',
    () => {
      const w = alice().store(SET, 5n).end(true);
      w.journal.pop();
      return w;
    },
  ],
  ['an item that is popped later', 'STACK', () => drainsStack(alice().push(5n).push(SET)).step(OP.SSTORE).end(true)],
  [
    'an item whose place is pushed and popped again',
    'STACK',
    () => drainsStack(alice().push(5n)).push(SET).step(OP.SSTORE).store(OTHER, 5n).end(true),
  ],
  [
    'an item that never was',
    'STACK',
    () => {
      const w = alice().load(SET);
      w.machine.stack.push({ ts: 3n, value: 5n });
      return w.end(true);
    },
  ],
  [
    'an item that stays, left on the bus',
    'STACK',
    () => {
      const w = alice().load(SET);
      w.machine.stack.pop();
      return w.end(true);
    },
  ],
  [
    'a drain that gives, and another that takes it',
    'constraint',
    () => {
      const w = alice().load(SET).end(true);
      const honest = w.rows.find(({ chip }) => chip === 'drain')!;
      const both = [1n, -1n].map((en) => ({
        ...honest,
        row: { ...honest.row, en, idx: 5n } as unknown as TraceRow['row'],
      }));
      w.rows.push(...both);
      return w;
    },
  ],
];
