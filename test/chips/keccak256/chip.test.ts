import { keccak256 } from '../../../src/chips/keccak256.js';
import { OP } from '../../../src/evm/opcodes.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { stepRow } from '../../helpers/chips/machine.js';

describeChip(keccak256, {
  exact: [
    { constraint: /length\[0\] \+ (32|4096)\*words/, reason: 'either alone says that words is not negative' },
    { constraint: /\+ spare\[\d\] \+/, reason: 'what work must be left; how it falls is bounded by words' },
    { constraint: /expand\[3\] \+/, reason: "how far memory grows is EXPANSION's; pad says that it is far enough" },
  ],
  constraints: 64,
  redundant: [
    {
      constraint: /\(-1 \+ expand\[0\]\) \* \(expand\[0\]\)/,
      reason: 'some is 1 if the length has an inverse, else 0',
    },
  ],
  rows: (random) => {
    const row = (offset: bigint, length: bigint, mem = 20n) =>
      stepRow(keccak256, random, OP.KECCAK256, {
        stack: [length, offset],
        exec: { mem, gas: 1_000_000n + random.bits(10) },
      });
    return [
      row(random.bits(9), 1n + random.bits(6)),
      row(random.bits(256), 0n),
      row(600n + random.bits(9), 1n + random.bits(8), 3n),
      row(0n, 1n << 16n),
    ];
  },
});
