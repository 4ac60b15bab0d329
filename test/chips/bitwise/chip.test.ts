import { bitwise } from '../../../src/chips/bitwise.js';
import { OP } from '../../../src/evm/opcodes.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { stepRow } from '../../helpers/chips/machine.js';

const { AND, OR, XOR } = OP;

describeChip(bitwise, {
  words: [
    {
      goal: /^STACK\.(hi|lo)$/,
      limits: { aNibbles: 15n, bNibbles: 15n, cNibbles: 15n },
      reason: 'AND4 says that c is a & b nibble by nibble, so a + b - c and a + b - 2 c are nibbles of a word too',
    },
  ],
  constraints: 228,
  rows: (random) => [
    stepRow(bitwise, random, AND, { stack: [random.bits(256), random.bits(256)] }),
    stepRow(bitwise, random, OR, { stack: [random.bits(256), random.bits(256)] }),
    stepRow(bitwise, random, XOR, { stack: [random.bits(256), random.bits(256)] }),
  ],
});
