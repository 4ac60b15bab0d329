import { describe, expect, it } from 'vitest';
import { badjump, badjumpi } from '../../../src/chips/badjump.js';
import type { Chip, Columns, RowOf } from '../../../src/chips/chip.js';
import { OP } from '../../../src/evm/opcodes.js';
import { badJump } from '../../../src/trace/steps/badjump.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { machineOf } from '../../helpers/chips/machine.js';
import { type Random, randomOf } from '../../helpers/chips/random.js';

const { JUMP, JUMPI } = OP;
/** JUMPDEST at 9, in push data at 20. */
const frame = {
  code: Uint8Array.from({ length: 300 }, (_, pc) =>
    pc === 9 || pc === 20 ? OP.JUMPDEST : pc === 19 ? OP.PUSH1 : OP.ADD,
  ),
};
const HALF = 1n << 128n;

/** The row by which a jump with this stack (topmost last) ends the frame. */
function ends<C extends Columns>(_chip: Chip<C>, random: Random, op: number, ...stack: bigint[]): RowOf<C> {
  const machine = machineOf(random, { frame, stack });
  if (!badJump(machine, op)) throw new Error('the frame goes on');
  return machine.rows[0]!.row as unknown as RowOf<C>;
}

describeChip(badjump, {
  constraints: 44,
  rows: (random) => [
    ends(badjump, random, JUMP, 20n),
    ends(badjump, random, JUMP, HALF * (1n + random.bits(127)) + 9n),
    ends(badjump, random, JUMP, 300n + random.bits(127)),
  ],
});

describeChip(badjumpi, {
  constraints: 51,
  rows: (random) => [
    ends(badjumpi, random, JUMPI, random.bits(256), 7n),
    ends(badjumpi, random, JUMPI, HALF, (1n << 256n) - 1n),
    ends(badjumpi, random, JUMPI, 1n, 300n),
  ],
});

describe('what ends a frame', () => {
  const random = randomOf(1, 'badjump');

  it.each([
    ['a JUMPDEST', 9n, false],
    ['push data', 20n, true],
    ['another opcode', 10n, true],
    ['the end of the code', 300n, true],
    ['2^128 + a JUMPDEST', HALF + 9n, true],
  ])('a jump to %s', (_where, to, bad) => {
    expect(badJump(machineOf(random, { stack: [to], frame }), JUMP)).toBe(bad);
    expect(badJump(machineOf(random, { stack: [1n, to], frame }), JUMPI)).toBe(bad);
    expect(badJump(machineOf(random, { stack: [0n, to], frame }), JUMPI)).toBe(false);
  });
});
