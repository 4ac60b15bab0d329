import { toLimbs } from '../../bus/field.js';
import type { RowOf, TraceRow } from '../../chips/chip.js';
import { drain, drainjrn } from '../../chips/drain.js';
import { limbsOf } from '../../chips/lib/range.js';
import { type SlotCell, slotFields } from '../../chips/lib/slot.js';
import { slotend } from '../../chips/slotend.js';
import { undo } from '../../chips/undo.js';
import { warm } from '../../chips/warm.js';
import { hex } from './account-cells.js';
import type { JournalEntry, SlotEntry } from './journal.js';
import type { FrameMachine } from './machine.js';
import type { SlotCells } from './slot-cells.js';

/** A storage key of a transaction's access list. */
export interface WarmKey {
  readonly address: bigint;
  readonly key: bigint;
}

/** The rows that touch the keys of transaction `tx`, the first at time `ts`, each one later. Duplicates stay. */
export function warmRows(keys: readonly WarmKey[], ts: bigint, tx: bigint, slots: SlotCells): TraceRow[] {
  return keys.map(({ address, key }, i) => {
    const time = ts + BigInt(i);
    const [keyHi, keyLo] = toLimbs(key);
    const { cells: slot } = slots.touch(address, key, time, tx);
    const row: RowOf<typeof warm.columns> = {
      en: 1n,
      ts: time,
      tx,
      n: BigInt(i) + 1n,
      addr: address,
      keyHi,
      keyLo,
      slot,
    };
    return {
      chip: warm.name,
      row: row as unknown as TraceRow['row'],
      origin: `transaction ${tx}, access list key ${i + 1}`,
    };
  });
}

/** Undoes the changes of a frame that has failed, down to the journal's length `jrn` at its beginning; the machine's end follows. */
export function undoChanges(machine: FrameMachine, jrn: bigint): void {
  while (machine.end!.jrn > jrn) {
    const entry = machine.journal.pop();
    UNDO[entry.kind](machine, entry);
  }
}

const UNDO: Readonly<Record<JournalEntry['kind'], (machine: FrameMachine, entry: JournalEntry) => void>> = {
  slot: undoSlot,
};

function undoSlot(machine: FrameMachine, { ts: written, address, key, old }: SlotEntry): void {
  const end = machine.end!;
  const { ts: touched, ...cell } = machine.slots.undo(address, key, end.ts, old);
  const { ts: _, ...slot } = slotFields(address, key, { ts: touched, ...cell });
  const [oldHi, oldLo] = toLimbs(old);
  const gaps = { writeGap: limbsOf(end.ts - written - 1n, 3), slotGap: limbsOf(end.ts - touched - 1n, 3) };
  const { ts, call, gas, work } = end;
  const row = { en: 1n, ts, call, gas, work, jrn: end.jrn, oldHi, oldLo, ...slot, ...gaps };
  machine.finish(undo, row, { ...end, ts: ts + 1n, jrn: end.jrn - 1n }, `undo of slot 0x${key.toString(16)}`);
}

/** The row that ends the cell of a slot. */
export function slotEndRow(address: bigint, key: bigint, cell: SlotCell): TraceRow {
  const row: RowOf<typeof slotend.columns> = { en: 1n, ...slotFields(address, key, cell) };
  const origin = `end of slot 0x${key.toString(16)} of account ${hex(address)}`;
  return { chip: slotend.name, row: row as unknown as TraceRow['row'], origin };
}

/** Rows for the stack items that a frame left when it ended; it began with an empty stack. */
export function drainStack({ stack, exec, frame }: FrameMachine): TraceRow[] {
  return stack.map(({ ts, value }, i) => {
    const [hi, lo] = toLimbs(value);
    const row: RowOf<typeof drain.columns> = { en: 1n, ts, call: exec.call, idx: BigInt(i), hi, lo };
    return {
      chip: drain.name,
      row: row as unknown as TraceRow['row'],
      origin: `transaction ${frame.tx}, left on the stack`,
    };
  });
}

/** Rows for the journal at the end of a batch: the writes that stay. */
export function drainJournal(journal: readonly JournalEntry[]): TraceRow[] {
  return journal.map(({ idx, ts, address, key, old }) => {
    const [oldHi, oldLo] = toLimbs(old);
    const [keyHi, keyLo] = toLimbs(key);
    const row: RowOf<typeof drainjrn.columns> = { en: 1n, ts, idx, oldHi, oldLo, addr: address, keyHi, keyLo };
    return { chip: drainjrn.name, row: row as unknown as TraceRow['row'], origin: `journal entry ${idx}` };
  });
}
