import { mul } from '../../../src/chips/mul.js';
import { OP } from '../../../src/evm/opcodes.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { stepRow } from '../../helpers/chips/machine.js';

const TOP = (1n << 256n) - 1n;

describeChip(mul, {
  constraints: 120,
  mutations: 90,
  rows: (random) => [
    stepRow(mul, random, OP.MUL, { stack: [random.bits(256), random.bits(256)] }),
    stepRow(mul, random, OP.MUL, { stack: [TOP, TOP] }),
  ],
});
