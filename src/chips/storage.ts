import { type Term, term } from '../bus/tuple.js';
import { WORK } from '../evm/work.js';
import { defineChip } from './chip.js';
import { rangeTerms } from './lib/range.js';
import { NO_SLOT_ACCESS, SLOT_ACCESS, seenSlot, slotTerms } from './lib/slot.js';
import {
  execOf,
  NO_POP,
  NO_STEP,
  POP,
  popTerms,
  pushTerm,
  STEP_COLUMNS,
  type StepCells,
  type StepEffect,
  stepOrHaltTerms,
} from './lib/step.js';

/** Columns that both have: a frame's account and transaction, the key, the slot; whether the step runs out of gas. */
const STORAGE_COLUMNS = { ...STEP_COLUMNS, oog: 1, addr: 1, tx: 1, key: POP, slot: SLOT_ACCESS } as const;
const NO_STORAGE = { ...NO_STEP, oog: 0n, addr: 0n, tx: 0n, key: NO_POP, slot: NO_SLOT_ACCESS };

/** What SLOAD does, given the cells of the slot. */
export function sloadEffect(slot: readonly bigint[]): StepEffect {
  const { cold } = seenSlot(slot);
  const more = { work: -BigInt(WORK.coldSlot) * cold };
  return { op: 0x54n, dsp: 0n, cost: 100n + 2000n * cold, work: WORK.sload, more };
}

/** SLOAD (`circuits/chips/storage.circom`). */
export const sload = defineChip({
  name: 'sload',
  file: 'storage',
  template: 'SLoad()',
  outputs: 19,
  columns: STORAGE_COLUMNS,
  padding: NO_STORAGE,
  terms: (row) => {
    const { oog, slot } = row;
    const { gas } = execOf(row);
    const effect = sloadEffect(slot);
    return [
      ...stepOrHaltTerms(row, effect),
      ...popTerms(row, 1n, row.key),
      ...slotOfFrame(row),
      pushTerm(row, 1n, [slot[0]!, slot[1]!]),
      ...rangeTerms(oog, [gas, effect.cost - 1n - gas]),
    ];
  },
});

/** Flags of an SSTORE: which words are not 0; which halves, and words, differ from the value at the transaction's start. */
export interface StoreFlags {
  /** orig, cur, new. */
  readonly isSet: readonly bigint[];
  /** cur.hi, cur.lo, new.hi, new.lo. */
  readonly differs: readonly bigint[];
  /** cur. */
  readonly dirty: bigint;
  /** new. */
  readonly changes: bigint;
}

/** What SSTORE does, given the cells of the slot and the row's flags; `needed`: least gas with which it does not halt. */
export function sstoreEffect(
  slot: readonly bigint[],
  { isSet, dirty, changes }: StoreFlags,
): StepEffect & { needed: bigint } {
  const { cold } = seenSlot(slot);
  const [orig, cur, next] = isSet as [bigint, bigint, bigint];
  const each = 19900n - 17100n * orig;
  const charged = changes - changes * dirty;
  const restored = dirty - changes * dirty;
  const cost = 100n + 2100n * cold + charged * each;
  const refund = restored * each + 4800n * orig * (cur - next);
  return {
    op: 0x55n,
    dsp: -2n,
    cost,
    work: WORK.sstore,
    more: { work: -BigInt(WORK.coldSlot) * cold, jrn: 1n, refund },
    needed: 2301n + charged * (cost - 2301n),
  };
}

/** SSTORE (`circuits/chips/storage.circom`). */
export const sstore = defineChip({
  name: 'sstore',
  file: 'storage',
  template: 'SStore()',
  outputs: 27,
  columns: { ...STORAGE_COLUMNS, value: POP, isSet: 3, differs: 4, dirty: 1, changes: 1, high: 4, low: 2 },
  padding: {
    ...NO_STORAGE,
    value: NO_POP,
    isSet: [0n, 0n, 0n],
    differs: [0n, 0n, 0n, 0n],
    dirty: 0n,
    changes: 0n,
    high: [0n, 0n, 0n, 0n],
    low: [0n, 0n],
  },
  terms: (row) => {
    const { en, oog, slot, addr, key, value } = row;
    const { ts, jrn } = execOf(row);
    const [oldHi, oldLo] = slot as [bigint, bigint];
    const written = (old: bigint, next: bigint) => old + (1n - oog) * (next - old);
    return [
      ...stepOrHaltTerms(row, sstoreEffect(slot, row)),
      ...popTerms(row, 1n, key),
      ...popTerms(row, 2n, value),
      ...slotOfFrame(row, [written(oldHi, value[0]!), written(oldLo, value[1]!)]),
      term(en - oog, 'JRN', { ts, idx: jrn, oldHi, oldLo, addr, keyHi: key[0]!, keyLo: key[1]!, kind: 0n }),
      ...rangeTerms(en, [...row.high, ...row.low]),
    ];
  },
});

type StorageCells = StepCells & {
  readonly addr: bigint;
  readonly tx: bigint;
  readonly key: readonly bigint[];
  readonly slot: readonly bigint[];
};

/** FRAME, and the access to the slot. */
function slotOfFrame(row: StorageCells, value?: readonly [bigint, bigint]): Term[] {
  const { en, addr, tx, slot } = row;
  const { ts, call } = execOf(row);
  const key = [row.key[0]!, row.key[1]!] as const;
  return [
    term(-en, 'FRAME', { birth: 0n, call, addr, tx }),
    ...slotTerms(slot, { en, addr, key, time: ts, tx, ...(value && { value }) }),
  ];
}
