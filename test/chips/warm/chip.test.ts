import type { RowOf } from '../../../src/chips/chip.js';
import type { SlotCell } from '../../../src/chips/lib/slot.js';
import { warm } from '../../../src/chips/warm.js';
import { SlotCells } from '../../../src/trace/execution/slot-cells.js';
import { warmRows } from '../../../src/trace/execution/storage-rows.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import type { Random } from '../../helpers/chips/random.js';

/** The row of the second key of an access list. */
function warmed(random: Random, slot: Partial<SlotCell>): RowOf<typeof warm.columns> {
  const tx = (1n << 14n) + random.bits(8);
  const other = { address: random.bits(160), key: random.bits(256) };
  const second = { address: random.bits(160), key: random.bits(256) };
  const slots = new SlotCells();
  const cell = {
    ts: random.bits(29),
    cur: random.bits(256),
    orig: random.bits(256),
    tx: 2n + random.bits(10),
    warm: 1n,
  };
  slots.set(other.address, other.key, cell);
  slots.set(second.address, second.key, { ...cell, ...slot });
  return warmRows([other, second], (1n << 30n) + random.bits(30), tx, slots)[1]!.row as unknown as RowOf<
    typeof warm.columns
  >;
}

describeChip(warm, {
  constraints: 28,
  rows: (random) => [warmed(random, {}), warmed(random, { ts: 0n, tx: 0n, warm: 0n })],
});
