import { OP } from '../../../src/evm/opcodes.js';
import { edgeWords, OpcodeCases } from '../../helpers/chips/opcode-cases.js';

const TOP = (1n << 256n) - 1n;

export const CASES = new OpcodeCases(['not'], (random) =>
  edgeWords(random, 60).map((a) => ({ op: OP.NOT, stack: [a], pushed: TOP - a })),
);
