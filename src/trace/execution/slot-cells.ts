import type { Address, Hex } from 'viem';
import { initialSlot, refreshedSlot, type SlotCell, slotCells } from '../../chips/lib/slot.js';
import { TraceError } from '../../errors/trace.js';
import { hex } from './account-cells.js';

/** The slots of an account in a batch's access list, with their values before the batch. */
export interface ListedSlots {
  readonly address: Address;
  readonly slots?: readonly { readonly key: Hex; readonly pre: bigint }[];
}

/** One access of a row: what it commits to, and the slot as the row sees it (after the refresh of a first touch). */
export interface SlotTouch {
  readonly cells: readonly bigint[];
  readonly seen: SlotCell;
}

/** The storage cells of a batch while its rows are made, by address and key as integers. */
export class SlotCells {
  readonly #cells = new Map<string, SlotCell>();

  /** Starts with L1's initial cells of an access list. */
  constructor(accessList: readonly ListedSlots[] = []) {
    for (const { address, slots = [] } of accessList) {
      for (const { key, pre } of slots) this.set(BigInt(address), BigInt(key), initialSlot(pre));
    }
  }

  /** The cell as its last access left it. @throws TraceError `TRACE_NOT_LISTED` for a slot outside the access list. */
  at(address: bigint, key: bigint): SlotCell {
    const cell = this.#cells.get(nameOf(address, key));
    if (cell === undefined) {
      const slot = `Slot 0x${key.toString(16)} of account ${hex(address)}`;
      throw new TraceError('TRACE_NOT_LISTED', `${slot} is touched but missing in the access list.`);
    }
    return cell;
  }

  /** Touches a slot at `time` in transaction `tx`; it is warm afterwards, and holds `value` if that is given. */
  touch(address: bigint, key: bigint, time: bigint, tx: bigint, value?: bigint): SlotTouch {
    const cell = this.at(address, key);
    const seen = { ...refreshedSlot(cell, tx), ts: time };
    this.set(address, key, { ...seen, warm: 1n, cur: value ?? seen.cur });
    return { cells: slotCells(cell, time, tx), seen };
  }

  /** Puts an old value back at `time`, leaving all else as it is. Returns the cell before that. */
  undo(address: bigint, key: bigint, time: bigint, value: bigint): SlotCell {
    const cell = this.at(address, key);
    this.set(address, key, { ...cell, ts: time, cur: value });
    return cell;
  }

  /** Replaces a cell. */
  set(address: bigint, key: bigint, cell: SlotCell): void {
    this.#cells.set(nameOf(address, key), cell);
  }
}

function nameOf(address: bigint, key: bigint): string {
  return `${address}:${key}`;
}
