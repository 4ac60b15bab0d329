import { not } from '../../../src/chips/not.js';
import { OP } from '../../../src/evm/opcodes.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { stepRow } from '../../helpers/chips/machine.js';

describeChip(not, {
  constraints: 20,
  rows: (random) => [stepRow(not, random, OP.NOT, { stack: [random.bits(256)] })],
});
