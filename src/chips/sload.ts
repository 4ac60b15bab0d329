import { PRICES } from '../evm/gas.js';
import { WORK } from '../evm/work.js';
import { defineChip } from './chip.js';
import { rangeTerms } from './lib/range.js';
import { STORAGE_COLUMNS, seenSlot, slotOfFrame } from './lib/slot.js';
import { effectOf, execOf, popTerms, pushTerm, type StepEffect, stepOrHaltTerms } from './lib/step.js';

const SLOAD = effectOf('SLOAD');

/** What SLOAD does, given the cells of the slot. */
export function sloadEffect(slot: readonly bigint[]): StepEffect {
  const { cold } = seenSlot(slot);
  const more = { work: -BigInt(WORK.coldSlot) * cold };
  return { ...SLOAD, cost: SLOAD.cost + BigInt(PRICES.coldSlot - PRICES.warmSlot) * cold, more };
}

/** SLOAD (`circuits/chips/sload.circom`). */
export const sload = defineChip({
  name: 'sload',
  template: 'Sload()',
  columns: STORAGE_COLUMNS,
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
