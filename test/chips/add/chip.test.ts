import { add } from '../../../src/chips/add.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { stepRow } from '../../helpers/chips/machine.js';

const TOP = (1n << 256n) - 1n;

describeChip(add, {
  constraints: 58,
  rows: (random) => [
    stepRow(add, random, 0x01, { stack: [random.bits(256), random.bits(256)] }),
    stepRow(add, random, 0x01, { stack: [TOP, 2n] }),
    stepRow(add, random, 0x03, { stack: [random.bits(256), random.bits(256)] }),
    stepRow(add, random, 0x03, { stack: [3n, 2n] }),
  ],
});
