import { add } from '../../../src/chips/add.js';
import { OP } from '../../../src/evm/opcodes.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { stepRow } from '../../helpers/chips/machine.js';

const TOP = (1n << 256n) - 1n;

describeChip(add, {
  constraints: 58,
  rows: (random) => [
    stepRow(add, random, OP.ADD, { stack: [random.bits(256), random.bits(256)] }),
    stepRow(add, random, OP.ADD, { stack: [TOP, 2n] }),
    stepRow(add, random, OP.SUB, { stack: [random.bits(256), random.bits(256)] }),
    stepRow(add, random, OP.SUB, { stack: [3n, 2n] }),
  ],
});
