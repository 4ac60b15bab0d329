import type { RowOf } from '../../../src/chips/chip.js';
import { drain, drainjrn } from '../../../src/chips/drain.js';
import { drainJournal, drainStack } from '../../../src/trace/execution/storage-rows.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { machineOf } from '../../helpers/chips/machine.js';

describeChip(drain, {
  constraints: 6,
  rows: (random) =>
    drainStack(machineOf(random, { stack: [7n, random.bits(256), random.bits(256)] }))
      .slice(1)
      .map(({ row }) => row as unknown as RowOf<typeof drain.columns>),
});

describeChip(drainjrn, {
  constraints: 8,
  rows: (random) =>
    drainJournal(
      [1n, 2n].map((idx) => ({
        kind: 'slot' as const,
        idx,
        ts: random.bits(36),
        address: random.bits(160),
        key: random.bits(256),
        old: random.bits(256),
      })),
    ).map(({ row }) => row as unknown as RowOf<typeof drainjrn.columns>),
});
