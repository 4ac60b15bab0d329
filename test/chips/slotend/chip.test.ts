import type { RowOf } from '../../../src/chips/chip.js';
import { slotend } from '../../../src/chips/slotend.js';
import { slotEndRow } from '../../../src/trace/execution/storage-rows.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';

describeChip(slotend, {
  constraints: 12,
  rows: (random) =>
    [0n, 1n].map((warm) => {
      const cell = { ts: random.bits(36), cur: random.bits(256), orig: random.bits(256), tx: random.bits(10), warm };
      return slotEndRow(random.bits(160), random.bits(256), cell).row as unknown as RowOf<typeof slotend.columns>;
    }),
});
