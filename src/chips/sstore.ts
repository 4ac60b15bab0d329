import { term } from '../bus/tuple.js';
import { PRICES } from '../evm/gas.js';
import { WORK } from '../evm/work.js';
import { defineChip } from './chip.js';
import { rangeTerms } from './lib/range.js';
import { STORAGE_COLUMNS, seenSlot, slotOfFrame } from './lib/slot.js';
import { effectOf, execOf, POP, popTerms, type StepEffect, stepOrHaltTerms } from './lib/step.js';

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

const SSTORE = effectOf('SSTORE');
/** Price of a slot that is set, and of one that is changed, beside a warm one's. */
const SET = BigInt(PRICES.slotSet - PRICES.warmSlot);
const RESET = BigInt(PRICES.slotReset - PRICES.coldSlot - PRICES.warmSlot);
/** Least gas with which SSTORE does not halt (EIP-2200). */
const LEAST = BigInt(PRICES.storeStipend + 1);

/** What SSTORE does, given the cells of the slot and the row's flags; `needed`: least gas with which it does not halt. */
export function sstoreEffect(
  slot: readonly bigint[],
  { isSet, dirty, changes }: StoreFlags,
): StepEffect & { needed: bigint } {
  const { cold } = seenSlot(slot);
  const [orig, cur, next] = isSet as [bigint, bigint, bigint];
  const each = SET - (SET - RESET) * orig;
  const charged = changes - changes * dirty;
  const restored = dirty - changes * dirty;
  const cost = SSTORE.cost + BigInt(PRICES.coldSlot) * cold + charged * each;
  const refund = restored * each + BigInt(PRICES.slotClear) * orig * (cur - next);
  return {
    ...SSTORE,
    cost,
    more: { work: -BigInt(WORK.coldSlot) * cold, jrn: 1n, refund },
    needed: LEAST + charged * (cost - LEAST),
  };
}

/** SSTORE (`circuits/chips/sstore.circom`). */
export const sstore = defineChip({
  name: 'sstore',
  template: 'Sstore()',
  columns: { ...STORAGE_COLUMNS, value: POP, isSet: 3, differs: 4, dirty: 1, changes: 1, high: 4, low: 2 },
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
