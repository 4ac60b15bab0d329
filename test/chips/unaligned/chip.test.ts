import { unaligned } from '../../../src/chips/unaligned.js';
import { OP } from '../../../src/evm/opcodes.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { stepRow } from '../../helpers/chips/machine.js';

const { MLOAD } = OP;
const { MSTORE } = OP;

describeChip(unaligned, {
  exact: [
    {
      constraint: /\+ last\[15\] \+/,
      reason: 'the byte at the top of the last half is never moved: it stays, or is replaced',
    },
  ],
  constraints: 218,
  mutations: 150,
  rows: (random) => {
    const word = () => (1n << 255n) + random.bits(255);
    const row = (op: number, start: number, mem: bigint) =>
      stepRow(unaligned, random, op, {
        stack: op === MSTORE ? [word(), 224n + BigInt(start)] : [224n + BigInt(start)],
        exec: { mem },
        memory: mem > 8n ? { 7: word(), 8: word() } : mem > 7n ? { 7: word() } : {},
      });
    return [
      row(MLOAD, 1 + random.int(15), 20n),
      row(MSTORE, 17 + random.int(15), 8n),
      row(MSTORE, 16, 3n),
      row(MLOAD, 31, 8n),
      row(MSTORE, 1 + random.int(15), 9n),
    ];
  },
});
