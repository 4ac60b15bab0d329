import { term } from '../bus/tuple.js';
import { defineChip } from './chip.js';
import { effectOf, execOf, nullaryTerms, STEP_COLUMNS, type StepEffect } from './lib/step.js';

/** What PUSH0 does. */
export const PUSH0_EFFECT = effectOf('PUSH0');

/** What PUSH1 to PUSH32 do. */
export function pushEffect(op: bigint): StepEffect {
  return { ...effectOf('PUSH1'), op, more: { pc: op - PUSH0_EFFECT.op } };
}

/** PUSH1 to PUSH32 (`circuits/chips/push.circom`). */
export const push = defineChip({
  name: 'push',
  template: 'PushChip()',
  columns: { ...STEP_COLUMNS, op: 1, hi: 1, lo: 1 },
  terms: (row) => {
    const { code, pc } = execOf(row);
    return [
      ...nullaryTerms(row, pushEffect(row.op), [row.hi, row.lo]),
      term(-row.en, 'PUSH', { code, pc, hi: row.hi, lo: row.lo }),
    ];
  },
});

/** PUSH0. */
export const push0 = defineChip({
  name: 'push0',
  file: 'push',
  template: 'Push0()',
  columns: STEP_COLUMNS,
  terms: (row) => nullaryTerms(row, PUSH0_EFFECT, [0n, 0n]),
});
