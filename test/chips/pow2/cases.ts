import { OP } from '../../../src/evm/opcodes.js';
import { OpcodeCases } from '../../helpers/chips/opcode-cases.js';

export const CASES = new OpcodeCases(['pow2'], () =>
  Array.from({ length: 256 }, (_, s) => ({ op: OP.SHL, stack: [1n, BigInt(s)], pushed: 2n ** BigInt(s) })),
);
