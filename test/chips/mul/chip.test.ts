import { mul } from '../../../src/chips/mul.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { stepRow } from '../../helpers/chips/machine.js';

const TOP = (1n << 256n) - 1n;

describeChip(mul, {
  constraints: 120,
  mutations: 90,
  rows: (random) => [
    stepRow(mul, random, 0x02, { stack: [random.bits(256), random.bits(256)] }),
    stepRow(mul, random, 0x02, { stack: [TOP, TOP] }),
  ],
});
