import { dup } from '../../../src/chips/dup.js';
import { OP } from '../../../src/evm/opcodes.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { stepRow } from '../../helpers/chips/machine.js';

describeChip(dup, {
  constraints: 24,
  rows: (random) =>
    [1, 2, 16].map((n) => {
      const stack = Array.from({ length: 16 }, () => random.bits(256));
      return stepRow(dup, random, OP.DUP1 - 1 + n, { stack });
    }),
});
