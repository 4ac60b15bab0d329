import { WORK } from '../evm/work.js';
import { defineChip } from './chip.js';
import { NO_POP, NO_STEP, POP, popTerms, STEP_COLUMNS, type StepEffect, stepTerms } from './lib/step.js';

/** What POP does. */
export const POP_EFFECT: StepEffect = { op: 0x50n, dsp: -1n, cost: 2n, work: WORK.pop };

/** POP (`circuits/chips/pop.circom`). */
export const pop = defineChip({
  name: 'pop',
  file: 'pop',
  template: 'PopChip()',
  outputs: 7,
  columns: { ...STEP_COLUMNS, a: POP },
  padding: { ...NO_STEP, a: NO_POP },
  terms: (row) => [...stepTerms(row, POP_EFFECT), ...popTerms(row, 1n, row.a)],
});
