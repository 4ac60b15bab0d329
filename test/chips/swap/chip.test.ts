import { swap } from '../../../src/chips/swap.js';
import { OP } from '../../../src/evm/opcodes.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { stepRow } from '../../helpers/chips/machine.js';

describeChip(swap, {
  constraints: 29,
  rows: (random) =>
    [1, 2, 16].map((n) => {
      const stack = Array.from({ length: 17 }, () => random.bits(256));
      return stepRow(swap, random, OP.SWAP1 - 1 + n, { stack });
    }),
});
