import { term } from '../bus/tuple.js';
import { defineChip } from './chip.js';
import { EXPAND, expandTerms, NO_EXPAND } from './lib/expand.js';
import { rangeTerms, valueOfLimbs } from './lib/range.js';
import { execOf, NO_POP, NO_STEP, POP, popTerms, receivedTerm, STEP_COLUMNS } from './lib/step.js';
import { returnEnd } from './stop.js';

/** RETURN and REVERT (`circuits/chips/return.circom`); `return` is a word of the language. */
export const returns = defineChip({
  name: 'return',
  file: 'return',
  template: 'Return()',
  outputs: 25,
  columns: { ...STEP_COLUMNS, reverts: 1, a: POP, b: POP - 1, expand: EXPAND, left: 6 },
  padding: {
    ...NO_STEP,
    reverts: 0n,
    a: NO_POP,
    b: NO_POP.slice(1),
    expand: NO_EXPAND,
    left: Array<bigint>(6).fill(0n),
  },
  terms: (row) => {
    const { en, reverts, a, b, expand, left } = row;
    const exec = execOf(row);
    const [, offLo] = a as [bigint, bigint];
    const end = returnEnd(exec, 1n - reverts);
    return [
      receivedTerm(row),
      term(-en, 'CODE', { op: 0xf3n + 10n * reverts, code: exec.code, pc: exec.pc }),
      ...popTerms(row, 1n, a),
      ...popTerms(row, 2n, [0n, ...b]),
      ...expandTerms(row, offLo, b[0]!, expand, false),
      term(en, 'END', { ...end, gas: valueOfLimbs(left) }),
      ...rangeTerms(en, left),
    ];
  },
});
