import { term } from '../bus/tuple.js';
import { defineChip } from './chip.js';
import { type Exec, effectOf, execOf, POP, popTerms, STEP_COLUMNS, type StepEffect, stepTerms } from './lib/step.js';

const JUMP = effectOf('JUMP');
const JUMPI = effectOf('JUMPI');

/** What JUMP to `to` does. */
export function jumpEffect({ pc }: Exec, to: bigint): StepEffect {
  return { ...JUMP, dpc: 0n, more: { pc: to - pc } };
}

/** What JUMPI to `to` does, if `taken` is 1. */
export function jumpiEffect({ pc }: Exec, to: bigint, taken: bigint): StepEffect {
  return { ...JUMPI, more: { pc: taken * (to - pc - 1n) } };
}

/** What JUMPDEST does. */
export const JUMPDEST_EFFECT = effectOf('JUMPDEST');

/** JUMP to a jump target (`circuits/chips/jump.circom`). */
export const jump = defineChip({
  name: 'jump',
  template: 'Jump()',
  columns: { ...STEP_COLUMNS, a: POP - 1 },
  terms: (row) => {
    const exec = execOf(row);
    const to = row.a[0]!;
    return [
      ...stepTerms(row, jumpEffect(exec, to)),
      ...popTerms(row, 1n, [0n, ...row.a]),
      term(-row.en, 'DEST', { valid: 1n, code: exec.code, pc: to }),
    ];
  },
});

/** JUMPI to a jump target, or not taken. */
export const jumpi = defineChip({
  name: 'jumpi',
  file: 'jump',
  template: 'Jumpi()',
  columns: { ...STEP_COLUMNS, a: POP, b: POP, taken: 1 },
  terms: (row) => {
    const exec = execOf(row);
    const effect = jumpiEffect(exec, row.a[1]!, row.taken);
    return [
      ...stepTerms(row, effect),
      ...popTerms(row, 1n, row.a),
      ...popTerms(row, 2n, row.b),
      term(-row.taken, 'DEST', { valid: 1n, code: exec.code, pc: exec.pc + 1n + effect.more!.pc! }),
    ];
  },
});

/** JUMPDEST. */
export const jumpdest = defineChip({
  name: 'jumpdest',
  file: 'jump',
  template: 'Jumpdest()',
  columns: STEP_COLUMNS,
  terms: (row) => stepTerms(row, JUMPDEST_EFFECT),
});
