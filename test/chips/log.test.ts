import { log } from '../../src/chips/log.js';
import { describeChip } from '../helpers/chips/describe-chip.js';
import { stepRow } from '../helpers/machine.js';

describeChip(log, {
  constraints: 103,
  rows: (random) => {
    const topics = (n: number) => Array.from({ length: n }, () => random.bits(256));
    const row = (n: number, offset: bigint, length: bigint) =>
      stepRow(log, random, 0xa0 + n, { stack: [...topics(n), length, offset], exec: { mem: 300n } });
    return [
      row(4, 320n * 32n + random.bits(6), 2n + random.bits(9)),
      row(4, 64n, 32n),
      row(3, 70n, 500n),
      row(1, random.bits(256), 0n),
      row(0, (1n << 27n) + 5n, 31n),
    ];
  },
});
