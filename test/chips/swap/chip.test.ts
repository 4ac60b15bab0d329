import { swap } from '../../../src/chips/swap.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { stepRow } from '../../helpers/chips/machine.js';

describeChip(swap, {
  constraints: 29,
  rows: (random) =>
    [1, 2, 16].map((n) => {
      const stack = Array.from({ length: 17 }, () => random.bits(256));
      return stepRow(swap, random, 0x8f + n, { stack });
    }),
});
