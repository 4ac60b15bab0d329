import { keccak64 } from '../../../src/chips/keccak64.js';
import { OP } from '../../../src/evm/opcodes.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { stepRow } from '../../helpers/chips/machine.js';

describeChip(keccak64, {
  exact: [{ constraint: /\+ spare\[\d\] \+/, reason: 'what work must be left; how it falls is constant' }],
  constraints: 64,
  rows: (random) => {
    const row = (word: number, mem: bigint) =>
      stepRow(keccak64, random, OP.KECCAK256, {
        stack: [64n, 32n * BigInt(word)],
        exec: { mem, gas: 1_000_000n + random.bits(10) },
        memory: word + 1 < Number(mem) ? { [word]: random.bits(256), [word + 1]: random.bits(256) } : {},
      });
    return [row(2, 20n), row(0, 2n), row(3, 4n), row(100 + random.int(50), 3n)];
  },
});
