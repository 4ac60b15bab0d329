import { OP } from '../../../src/evm/opcodes.js';
import { arithmetic, signed } from '../samples/arithmetic.js';

const bit = (is: boolean) => (is ? 1n : 0n);

export const CASES = arithmetic('compare', {
  [OP.LT]: (a, b) => bit(a < b),
  [OP.GT]: (a, b) => bit(a > b),
  [OP.SLT]: (a, b) => bit(signed(a) < signed(b)),
  [OP.SGT]: (a, b) => bit(signed(a) > signed(b)),
  [OP.EQ]: (a, b) => bit(a === b),
  [OP.ISZERO]: (a) => bit(a === 0n),
});
