import { memory } from '../../../src/chips/memory.js';
import { OP } from '../../../src/evm/opcodes.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { stepRow } from '../../helpers/chips/machine.js';

const { MLOAD } = OP;
const { MSTORE } = OP;

describeChip(memory, {
  constraints: 51,
  rows: (random) => {
    const word = (bits = 255) => (1n << 255n) + random.bits(bits);
    return [
      stepRow(memory, random, MLOAD, { stack: [224n], exec: { mem: 20n }, memory: { 7: word() } }),
      stepRow(memory, random, MLOAD, { stack: [960n], exec: { mem: 20n } }),
      stepRow(memory, random, MSTORE, { stack: [word(), 224n], exec: { mem: 20n }, memory: { 7: word() } }),
      stepRow(memory, random, MSTORE, { stack: [word(), 32n * (3n + random.bits(10))], exec: { mem: 3n } }),
    ];
  },
});
