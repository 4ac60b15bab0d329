import { toLimbs } from '../../bus/field.js';
import { type Term, type TupleFields, term } from '../../bus/tuple.js';
import { limbsOf, rangeTerms, valueOfLimbs } from './range.js';
import { execOf, POP, STEP_COLUMNS, type StepCells } from './step.js';

/** Cells of one slot access; mirror of `circuits/lib/slot.circom` (`SLOTACCESS()`). */
export const SLOT_ACCESS = 11;

/** A storage slot between two accesses: the values of a SLOT tuple without its address and key. */
export interface SlotCell {
  /** Time of the last access, 0 at the start of a batch. */
  readonly ts: bigint;
  /** The value, 256 bits. */
  readonly cur: bigint;
  /** The value when transaction `tx` began, 256 bits. */
  readonly orig: bigint;
  /** Transaction (from 1) that touched the slot last, 0 at the start. */
  readonly tx: bigint;
  /** 1: touched in transaction `tx`. */
  readonly warm: bigint;
}

/** The cell that L1 sends at the start of a batch. */
export function initialSlot(value: bigint): SlotCell {
  return { ts: 0n, cur: value, orig: value, tx: 0n, warm: 0n };
}

/** The cell as a row of transaction `tx` sees it: refreshed when this is the first touch in that transaction. */
export function refreshedSlot(cell: SlotCell, tx: bigint): SlotCell {
  return cell.tx === tx ? cell : { ...cell, orig: cell.cur, warm: 0n, tx };
}

/** The fields of a SLOT tuple. */
export function slotFields(addr: bigint, key: bigint, { ts, cur, orig, tx, warm }: SlotCell): TupleFields<'SLOT'> {
  const [keyHi, keyLo] = toLimbs(key);
  const [curHi, curLo] = toLimbs(cur);
  const [origHi, origLo] = toLimbs(orig);
  return { ts, curHi, curLo, addr, keyHi, keyLo, origHi, origLo, tx, warm };
}

/**
 * The committed cells of an access at `time` in transaction `tx` to a slot last left as `cell`.
 * Throws ChipError `CHIP_VALUE_OUT_OF_RANGE` when the cell is not older than the access.
 */
export function slotCells(cell: SlotCell, time: bigint, tx: bigint): bigint[] {
  const first = cell.tx === tx ? 0n : 1n;
  return [
    ...toLimbs(cell.cur),
    ...toLimbs(cell.orig),
    cell.warm,
    first,
    ...limbsOf(time - cell.ts - 1n, 3),
    ...limbsOf(tx - cell.tx - first, 2),
  ];
}

/** Whose slot is accessed when, and what the row writes. */
export interface SlotContext {
  readonly en: bigint;
  readonly addr: bigint;
  readonly key: readonly [hi: bigint, lo: bigint];
  /** Time of the access. */
  readonly time: bigint;
  /** The transaction. */
  readonly tx: bigint;
  /** Replaces the value. */
  readonly value?: readonly [hi: bigint, lo: bigint];
}

/** What the access cells say, refreshed: the value before the row, the one when the transaction began, whether the slot is cold. */
export function seenSlot(cells: readonly bigint[]) {
  const [curHi, curLo, oldHi, oldLo, warm, first] = cells as Six;
  return {
    curHi,
    curLo,
    origHi: oldHi + first * (curHi - oldHi),
    origLo: oldLo + first * (curLo - oldLo),
    cold: 1n - warm * (1n - first),
  };
}

/** The seven terms of one access: SLOT received and sent, five RANGE12. */
export function slotTerms(cells: readonly bigint[], { en, addr, key, time, tx, value }: SlotContext): Term[] {
  const [curHi, curLo, oldHi, oldLo, warm, first] = cells as Six;
  const { origHi, origLo } = seenSlot(cells);
  const [newHi, newLo] = value ?? [curHi, curLo];
  const slot = { addr, keyHi: key[0], keyLo: key[1] };
  const received: TupleFields<'SLOT'> = {
    ...slot,
    ts: time - 1n - valueOfLimbs(cells.slice(6, 9)),
    curHi,
    curLo,
    origHi: oldHi,
    origLo: oldLo,
    tx: tx - first - valueOfLimbs(cells.slice(9, 11)),
    warm,
  };
  const sent: TupleFields<'SLOT'> = { ...slot, ts: time, curHi: newHi, curLo: newLo, origHi, origLo, tx, warm: 1n };
  return [term(-en, 'SLOT', received), term(en, 'SLOT', sent), ...rangeTerms(en, cells.slice(6, 11))];
}

type Six = [bigint, bigint, bigint, bigint, bigint, bigint];

/** Columns of SLOAD and SSTORE: a frame's account and transaction, the key, the slot; whether the step runs out of gas. */
export const STORAGE_COLUMNS = { ...STEP_COLUMNS, oog: 1, addr: 1, tx: 1, key: POP, slot: SLOT_ACCESS } as const;

type StorageCells = StepCells & {
  readonly addr: bigint;
  readonly tx: bigint;
  readonly key: readonly bigint[];
  readonly slot: readonly bigint[];
};

/** FRAME, and the access to the slot. */
export function slotOfFrame(row: StorageCells, value?: readonly [bigint, bigint]): Term[] {
  const { en, addr, tx, slot } = row;
  const { ts, call } = execOf(row);
  const key = [row.key[0]!, row.key[1]!] as const;
  return [
    term(-en, 'FRAME', { birth: 0n, call, addr, tx }),
    ...slotTerms(slot, { en, addr, key, time: ts, tx, ...(value && { value }) }),
  ];
}
