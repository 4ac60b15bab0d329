import { defineChip } from './chip.js';
import { rangeTerms, valueOfLimbs } from './lib/range.js';
import { type Exec, effectOf, nullaryTerms, STEP_COLUMNS, type StepEffect } from './lib/step.js';

interface Which {
  readonly msize: bigint;
  readonly gas: bigint;
}

const PC = effectOf('PC');

/** What PC, MSIZE (msize = 1) and GAS (gas = 1) do. */
export function registerEffect({ msize, gas }: Which): StepEffect {
  return { ...PC, op: PC.op + msize + 2n * gas };
}

/** The word that they push. */
export function registerValue(exec: Exec, { msize, gas }: Which): bigint {
  return exec.pc + msize * (32n * exec.mem - exec.pc) + gas * (exec.gas - PC.cost - exec.pc);
}

/** 12-bit limbs of that word. */
export const REGISTER_LIMBS = 6;

/** PC, MSIZE, GAS (`circuits/chips/register.circom`). */
export const register = defineChip({
  name: 'register',
  template: 'Register()',
  columns: { ...STEP_COLUMNS, msize: 1, gas: 1, value: REGISTER_LIMBS },
  terms: (row) => [
    ...nullaryTerms(row, registerEffect(row), [0n, valueOfLimbs(row.value)]),
    ...rangeTerms(row.en, row.value),
  ],
});
