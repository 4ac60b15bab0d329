import { blobhash } from '../../../src/chips/blobhash.js';
import { OP } from '../../../src/evm/opcodes.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { stepRow } from '../../helpers/chips/machine.js';
import { describeOpcodes, edgeWords } from '../../helpers/chips/opcode-cases.js';

const { BLOBHASH } = OP;

describeChip(blobhash, {
  constraints: 20,
  rows: (random) => [stepRow(blobhash, random, BLOBHASH, { stack: [random.bits(256)] })],
});

describeOpcodes(['blobhash'], (random) => edgeWords(random, 20).map((a) => ({ op: BLOBHASH, stack: [a], pushed: 0n })));
