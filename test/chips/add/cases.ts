import { OP } from '../../../src/evm/opcodes.js';
import { arithmetic, wrap } from '../samples/arithmetic.js';

export const CASES = arithmetic('add', {
  [OP.ADD]: (a, b) => wrap(a + b),
  [OP.SUB]: (a, b) => wrap(a - b),
});
