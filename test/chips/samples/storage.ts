import type { SlotCell } from '../../../src/chips/lib/slot.js';
import { SlotCells } from '../../../src/trace/execution/slot-cells.js';
import type { MachineSample } from '../../helpers/chips/machine.js';
import type { Random } from '../../helpers/chips/random.js';
import { address } from '../../helpers/execution.js';

/** A slot as its last access left it, and the machine that accesses it; the rest is drawn. */
export interface StorageSample {
  /** By default touched before in this transaction, with any value. */
  readonly slot: Partial<SlotCell>;
  readonly gas?: bigint | undefined;
  /** What lies below the key. */
  readonly stack: readonly bigint[];
}

/** A machine with the slot's key on top of its stack. */
export function storageSample(random: Random, { slot, gas, stack }: StorageSample): MachineSample {
  const tx = (1n << 14n) + random.bits(8);
  const account = address(2n + random.bits(60));
  const key = random.bits(256);
  const cell: SlotCell = { ts: random.bits(29), cur: random.bits(256), orig: random.bits(256), tx, warm: 1n, ...slot };
  const slots = new SlotCells();
  slots.set(BigInt(account), key, cell);
  return { stack: [...stack, key], frame: { tx, address: account }, exec: gas === undefined ? {} : { gas }, slots };
}
