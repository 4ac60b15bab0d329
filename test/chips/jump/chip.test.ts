import { jump, jumpdest, jumpi } from '../../../src/chips/jump.js';
import { OP } from '../../../src/evm/opcodes.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { stepRow } from '../../helpers/chips/machine.js';
import type { Random } from '../../helpers/chips/random.js';

/** A frame with JUMPDESTs at 9 and 200. */
const frame = { code: Uint8Array.from({ length: 201 }, (_, pc) => (pc === 9 || pc === 200 ? OP.JUMPDEST : OP.ADD)) };
const HALF = 1n << 128n;

const jumpRow = (random: Random, to: bigint) => stepRow(jump, random, OP.JUMP, { stack: [to], frame });
const jumpiRow = (random: Random, condition: bigint, to: bigint) =>
  stepRow(jumpi, random, OP.JUMPI, { stack: [condition, to], frame });

describeChip(jump, { constraints: 21, rows: (random) => [9n, 200n].map((to) => jumpRow(random, to)) });

describeChip(jumpi, {
  constraints: 32,
  rows: (random) => [
    jumpiRow(random, random.bits(256), 9n),
    jumpiRow(random, 1n, 200n),
    jumpiRow(random, HALF, 200n),
    jumpiRow(random, 0n, 9n),
    jumpiRow(random, 0n, random.bits(256)),
  ],
});

describeChip(jumpdest, { constraints: 13, rows: (random) => [stepRow(jumpdest, random, OP.JUMPDEST, { stack: [] })] });
