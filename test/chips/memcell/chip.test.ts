import { memcell } from '../../../src/chips/memcell.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';

describeChip(memcell, {
  constraints: 13,
  rows: (random) => {
    const row = (more: bigint) => {
      const [word, ts] = [2n + random.bits(20), 2n + random.bits(30)];
      const [hi, lo] = [random.bits(128), random.bits(128)];
      const last = more === 0n ? 1n : 0n;
      return {
        en: 1n,
        last,
        call: 2n + random.bits(30),
        word,
        to: word + 1n + more,
        ts,
        t: ts + 2n + random.bits(20),
        hi,
        lo,
      };
    };
    return [row(0n), row(1n), row(2n + random.bits(10))];
  },
});
