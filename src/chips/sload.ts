import { WORK } from '../evm/work.js';
import { defineChip } from './chip.js';
import { rangeTerms } from './lib/range.js';
import { NO_STORAGE, STORAGE_COLUMNS, seenSlot, slotOfFrame } from './lib/slot.js';
import { execOf, popTerms, pushTerm, type StepEffect, stepOrHaltTerms } from './lib/step.js';

/** What SLOAD does, given the cells of the slot. */
export function sloadEffect(slot: readonly bigint[]): StepEffect {
  const { cold } = seenSlot(slot);
  const more = { work: -BigInt(WORK.coldSlot) * cold };
  return { op: 0x54n, dsp: 0n, cost: 100n + 2000n * cold, work: WORK.sload, more };
}

/** SLOAD (`circuits/chips/sload.circom`). */
export const sload = defineChip({
  name: 'sload',
  file: 'sload',
  template: 'Sload()',
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
