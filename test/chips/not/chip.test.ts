import { not } from '../../../src/chips/not.js';
import { OP } from '../../../src/evm/opcodes.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { stepRow } from '../../helpers/chips/machine.js';
import { describeOpcodes, edgeWords } from '../../helpers/chips/opcode-cases.js';

const { NOT } = OP;
const TOP = (1n << 256n) - 1n;

describeChip(not, {
  constraints: 20,
  rows: (random) => [stepRow(not, random, NOT, { stack: [random.bits(256)] })],
});

describeOpcodes(['not'], (random) => edgeWords(random, 60).map((a) => ({ op: NOT, stack: [a], pushed: TOP - a })));
