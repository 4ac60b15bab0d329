import { byte } from '../../../src/chips/byte.js';
import { OP } from '../../../src/evm/opcodes.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { stepRow } from '../../helpers/chips/machine.js';

const { SIGNEXTEND, BYTE } = OP;

describeChip(byte, {
  exact: [{ constraint: /8\*at/, reason: 'where the byte is; its neighbours are digits by their own limbs' }],
  words: [
    {
      goal: /^STACK\.(hi|lo)$/,
      limits: { above: 4095n, below: 4095n, room: 4095n, rest: 127n },
      reason: 'the half with what is above the byte replaced by zeros or ones: circuits/chips/byte.circom',
    },
  ],
  constraints: 87,
  rows: (random) => [
    stepRow(byte, random, BYTE, { stack: [random.bits(256), 10n] }),
    stepRow(byte, random, BYTE, { stack: [random.bits(256), 25n] }),
    stepRow(byte, random, SIGNEXTEND, { stack: [random.bits(256) | (1n << 63n), 7n] }),
    stepRow(byte, random, SIGNEXTEND, { stack: [random.bits(256), 20n] }),
    stepRow(byte, random, SIGNEXTEND, { stack: [random.bits(256), 3n << 128n] }),
    stepRow(byte, random, BYTE, { stack: [random.bits(256), 40n] }),
  ],
});
