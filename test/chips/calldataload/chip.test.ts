import { calldataload } from '../../../src/chips/calldataload.js';
import { OP } from '../../../src/evm/opcodes.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { stepRow } from '../../helpers/chips/machine.js';
import type { Random } from '../../helpers/chips/random.js';

const { CALLDATALOAD } = OP;

const bytes = (random: Random, length: number) => Uint8Array.from({ length }, () => 1 + random.int(255));

describeChip(calldataload, {
  constraints: 121,
  rows: (random) => {
    const at = (offset: bigint, length: number) =>
      stepRow(calldataload, random, CALLDATALOAD, { stack: [offset], frame: { data: bytes(random, length) } });
    return [at(4n, 100), at(32n + 23n, 100), at(64n + 5n, 90), at(1n << 180n, 100), at(101n, 100)];
  },
});
