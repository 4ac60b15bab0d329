import { term } from '../bus/tuple.js';
import { defineChip } from './chip.js';
import { effectOf, execOf, nullaryTerms, STEP_COLUMNS, type StepEffect } from './lib/step.js';

/** What an opcode does that pushes a word of the frame or of the block; all have one price. */
export function envEffect(op: bigint): StepEffect {
  return { ...effectOf('ADDRESS'), op };
}

/** ADDRESS to BLOBBASEFEE: words of the frame and of the block (`circuits/chips/env.circom`). */
export const env = defineChip({
  name: 'env',
  template: 'Env()',
  columns: { ...STEP_COLUMNS, op: 1, block: 1, hi: 1, lo: 1 },
  terms: (row) => {
    const { en, op, block, hi, lo } = row;
    return [
      ...nullaryTerms(row, envEffect(op), [hi, lo]),
      term(block - en, 'ENV', { op, call: execOf(row).call, hi, lo }),
      term(-block, 'BLOCK', { field: op, hi, lo }),
    ];
  },
});
