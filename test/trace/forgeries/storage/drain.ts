import type { TraceRow } from '../../../../src/chips/chip.js';
import { OP } from '../../../../src/evm/opcodes.js';
import { drainJournal, drainStack } from '../../../../src/trace/execution/storage-rows.js';
import type { StorageWorld } from '../../../helpers/storage-world.js';
import { alice, FRESH, OTHER, SET, set, storageForgeries } from './world.js';

/** Drains what lies on the journal now. */
const drainsJournal = (w: StorageWorld) => w.rows.push(...drainJournal(w.journal));

/** Drains what lies on the stack now. */
function drainsStack(w: StorageWorld): StorageWorld {
  w.rows.push(...drainStack(w.machine));
  return w;
}

/** Drains: which have no condition of their own. */
export const DRAIN = storageForgeries('storage: drains', [
  {
    name: 'an entry that is undone later',
    caughtBy: 'JRN',
    honest: () => alice().store(SET, 5n).stop(false),
    change: drainsJournal,
  },
  {
    name: 'entries of which some are undone later',
    caughtBy: 'JRN',
    honest: () => alice().store(SET, 5n).end(true).call(0xa11cen).store(FRESH, 5n).stop(false),
    change: drainsJournal,
  },
  {
    name: 'an entry that never was',
    caughtBy: 'JRN',
    honest: () => alice().store(SET, 5n).end(true),
    change: (w) => w.log.slot({ idx: 1n, ts: 3n, ...set, old: 1n }),
  },
  {
    name: 'an entry that stays, left on the bus',
    caughtBy: 'JRN',
    honest: () => alice().store(SET, 5n).end(true),
    change: (w) => w.journal.pop(),
  },
  {
    name: 'an item that is popped later',
    caughtBy: 'STACK',
    honest: () => alice().push(5n).push(SET),
    change: (w) => drainsStack(w).step(OP.SSTORE),
  },
  {
    name: 'an item whose place is pushed and popped again',
    caughtBy: 'STACK',
    honest: () => alice().push(5n),
    change: (w) => drainsStack(w).push(SET).step(OP.SSTORE).store(OTHER, 5n),
  },
  {
    name: 'an item that never was',
    caughtBy: 'STACK',
    honest: () => alice().load(SET),
    change: (w) => w.machine.stack.push({ ts: 3n, value: 5n }),
  },
  {
    name: 'an item that stays, left on the bus',
    caughtBy: 'STACK',
    honest: () => alice().load(SET),
    change: (w) => w.machine.stack.pop(),
  },
  {
    name: 'a drain that gives, and another that takes it',
    caughtBy: 'constraint',
    honest: () => alice().load(SET).end(true),
    change: (w) => {
      const honest = w.rows.find(({ chip }) => chip === 'drain')!;
      const both = [1n, -1n].map((en) => ({
        ...honest,
        row: { ...honest.row, en, idx: 5n } as unknown as TraceRow['row'],
      }));
      w.rows.push(...both);
    },
  },
]);
