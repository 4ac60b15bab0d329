import { pow2 } from '../../../src/chips/pow2.js';
import { OP } from '../../../src/evm/opcodes.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { stepRow } from '../../helpers/chips/machine.js';

const { SHL } = OP;

describeChip(pow2, {
  constraints: 29,
  rows: (random) => [
    stepRow(pow2, random, SHL, { stack: [1n, 160n] }),
    stepRow(pow2, random, SHL, { stack: [1n, 32n] }),
  ],
});
