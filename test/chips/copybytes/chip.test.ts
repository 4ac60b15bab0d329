import { copybytes } from '../../../src/chips/copybytes.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { wordRows } from '../../helpers/hash-rows.js';

describeChip(copybytes, {
  constraints: 197,
  mutations: 150,
  rows: (random) => {
    const row = (start: bigint, length: bigint) => wordRows(copybytes, random, 64n + start, length)[0]!;
    const some = (n: number) => BigInt(1 + random.int(n));
    return [
      row(some(15), 40n),
      row(16n + some(15), 40n),
      row(0n, some(15)),
      row(some(15), 16n),
      row(16n + some(8), some(7)),
      row(16n, 16n + some(15)),
      row(some(8), 17n + some(6)),
    ];
  },
});
