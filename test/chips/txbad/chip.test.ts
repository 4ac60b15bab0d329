import { limbsOf } from '../../../src/chips/lib/range.js';
import { txbad } from '../../../src/chips/txbad.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';

describeChip(txbad, {
  constraints: 13,
  rows: (random) =>
    Array.from({ length: 3 }, (_, i) => ({
      en: 1n,
      ts: random.bits(36),
      tx: 1n + random.bits(10),
      gasUsed: random.bits(25),
      jrn: random.bits(10),
      use: 100_000n + random.bits(18),
      left: limbsOf(i === 0 ? (1n << 48n) - 1n : random.bits(48), 4),
    })),
});
