import { term } from '../bus/tuple.js';
import { OP } from '../evm/opcodes.js';
import { defineChip } from './chip.js';
import { EXPAND, expandTerms } from './lib/expand.js';
import { rangeTerms, valueOfLimbs } from './lib/range.js';
import { execOf, POP, popTerms, receivedTerm, STEP_COLUMNS } from './lib/step.js';
import { returnEnd } from './stop.js';

const RETURN = BigInt(OP.RETURN);
const REVERT = BigInt(OP.REVERT);

/** RETURN and REVERT (`circuits/chips/return.circom`); `return` is a word of the language. */
export const returns = defineChip({
  name: 'return',
  template: 'Return()',
  outputs: 25,
  columns: { ...STEP_COLUMNS, reverts: 1, a: POP, b: POP - 1, expand: EXPAND, left: 6 },
  terms: (row) => {
    const { en, reverts, a, b, expand, left } = row;
    const exec = execOf(row);
    const [, offLo] = a as [bigint, bigint];
    const end = returnEnd(exec, 1n - reverts);
    return [
      receivedTerm(row),
      term(-en, 'CODE', { op: RETURN + (REVERT - RETURN) * reverts, code: exec.code, pc: exec.pc }),
      ...popTerms(row, 1n, a),
      ...popTerms(row, 2n, [0n, ...b]),
      ...expandTerms(row, offLo, b[0]!, expand, false),
      term(en, 'END', { ...end, gas: valueOfLimbs(left) }),
      ...rangeTerms(en, left),
    ];
  },
});
