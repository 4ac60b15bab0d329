import { OP } from '../../../src/evm/opcodes.js';
import { arithmetic, signed, wrap } from '../samples/arithmetic.js';

export const CASES = arithmetic('div', {
  [OP.DIV]: (a, b) => (b === 0n ? 0n : a / b),
  [OP.SDIV]: (a, b) => (b === 0n ? 0n : wrap(signed(a) / signed(b))),
  [OP.MOD]: (a, b) => (b === 0n ? 0n : a % b),
  [OP.SMOD]: (a, b) => (b === 0n ? 0n : wrap(signed(a) % signed(b))),
});
