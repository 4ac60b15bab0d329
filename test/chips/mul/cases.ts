import { OP } from '../../../src/evm/opcodes.js';
import { arithmetic, wrap } from '../samples/arithmetic.js';

export const CASES = arithmetic('mul', { [OP.MUL]: (a, b) => wrap(a * b) });
