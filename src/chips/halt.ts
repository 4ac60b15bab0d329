import { term } from '../bus/tuple.js';
import { defineChip } from './chip.js';
import { rangeTerms } from './lib/range.js';
import { execOf, haltEnd, receivedTerm, STEP_COLUMNS } from './lib/step.js';

/** Limbs of the gas left. */
export const GAS_LIMBS = 6;

/** An opcode that cannot run (`circuits/chips/halt.circom`). */
export const halt = defineChip({
  name: 'halt',
  template: 'Halt()',
  columns: { ...STEP_COLUMNS, left: GAS_LIMBS, op: 1, least: 1, pops: 1, grows: 1, covered: 1, why: 3 },
  terms: (row) => {
    const { en, op, least, pops, grows, covered, why } = row;
    const exec = execOf(row);
    const by = [least - exec.gas - 1n, pops - exec.sp - 1n, exec.sp + grows - 16n - 1025n];
    return [
      receivedTerm(row),
      term(en, 'END', haltEnd(exec)),
      term(-en, 'CODE', { op, code: exec.code, pc: exec.pc }),
      term(-en, 'OPINFO', { op, gas: least, pops, grows, covered }),
      ...rangeTerms(en, [...row.left, by.reduce((sum, one, i) => sum + why[i]! * one, 0n)]),
    ];
  },
});
