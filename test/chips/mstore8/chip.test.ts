import { mstore8 } from '../../../src/chips/mstore8.js';
import { OP } from '../../../src/evm/opcodes.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { stepRow } from '../../helpers/chips/machine.js';

describeChip(mstore8, {
  exact: [
    {
      constraint: /\+ rest\[\d\] \+/,
      reason: 'the byte written is looked up as one; what is above it says which byte it is',
    },
  ],
  constraints: 110,
  rows: (random) => {
    const word = () => (1n << 255n) + random.bits(255);
    const row = (start: number, mem: bigint) =>
      stepRow(mstore8, random, OP.MSTORE8, {
        stack: [word(), 224n + BigInt(start)],
        exec: { mem },
        memory: mem > 7n ? { 7: word() } : {},
      });
    return [row(random.int(16), 20n), row(16 + random.int(16), 8n), row(31, 5n), row(0, 7n)];
  },
});
