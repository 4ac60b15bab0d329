import { ADDRESS_MASK } from '../../../src/chips/mask.js';
import { OP } from '../../../src/evm/opcodes.js';
import { edgeWords, OpcodeCases } from '../../helpers/chips/opcode-cases.js';

const { AND } = OP;

export const CASES = new OpcodeCases(['mask'], (random) =>
  edgeWords(random, 60).flatMap((a) => {
    const pushed = a % 2n ** 160n;
    return [
      { op: AND, stack: [a, ADDRESS_MASK], pushed },
      { op: AND, stack: [ADDRESS_MASK, a], pushed },
    ];
  }),
);
