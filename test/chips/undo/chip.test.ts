import type { RowOf } from '../../../src/chips/chip.js';
import { undo } from '../../../src/chips/undo.js';
import { undoChanges } from '../../../src/trace/execution/storage-rows.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { machineOf } from '../../helpers/chips/machine.js';
import type { Random } from '../../helpers/chips/random.js';
import { storageSample } from '../samples/storage.js';

/** The row that undoes one write of a frame that ends with this much gas. */
function undone(random: Random, gas: bigint): RowOf<typeof undo.columns> {
  const machine = machineOf(random, storageSample(random, { slot: {}, stack: [] }));
  const { ts, call, work, jrn } = machine.exec;
  const key = machine.stack.at(-1)!.value;
  const written = ts - 1n - random.bits(28);
  const address = BigInt(machine.frame.address);
  machine.journal.slot({ idx: jrn - 1n, ts: written, address, key, old: random.bits(256) });
  machine.end = { ts, call, ok: 0n, gas, work, jrn, refund: 0n };
  undoChanges(machine, jrn - 1n);
  return machine.rows[0]!.row as unknown as RowOf<typeof undo.columns>;
}

describeChip(undo, { constraints: 27, rows: (random) => [undone(random, 2n + random.bits(30)), undone(random, 0n)] });
