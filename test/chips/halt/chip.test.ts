import { describe, expect, it } from 'vitest';
import type { RowOf } from '../../../src/chips/chip.js';
import { halt } from '../../../src/chips/halt.js';
import { OP, OPCODES } from '../../../src/evm/opcodes.js';
import type { FrameMachine } from '../../../src/trace/execution/machine.js';
import { haltStep } from '../../../src/trace/steps/halt.js';
import { describeChip } from '../../helpers/chips/describe-chip.js';
import { machineOf } from '../../helpers/chips/machine.js';
import { type Random, randomOf } from '../../helpers/chips/random.js';

const [ADD, SLOAD, SSTORE, DUP16, CALL, INVALID] = [OP.ADD, OP.SLOAD, OP.SSTORE, OP.DUP16, 0xf1, 0xfe];

/** The row by which `op` ends the frame. */
function halts(random: Random, op: number, exec: Partial<FrameMachine['exec']> = {}): RowOf<typeof halt.columns> {
  const machine = machineOf(random, { stack: [], exec });
  if (!haltStep(machine, op)) throw new Error(`0x${op.toString(16)} goes on`);
  return machine.rows[0]!.row as unknown as RowOf<typeof halt.columns>;
}

describeChip(halt, {
  constraints: 34,
  rows: (random) => [
    halts(random, SLOAD, { gas: 99n }),
    halts(random, SSTORE, { sp: 1n }),
    halts(random, DUP16, { sp: 1024n }),
    halts(random, CALL),
    halts(random, INVALID),
  ],
});

describe('what ends a frame', () => {
  const random = randomOf(1, 'halt');
  const ends = (op: number, exec: Partial<FrameMachine['exec']>) =>
    haltStep(machineOf(random, { stack: [], exec }), op);

  it.each(Object.entries(OPCODES).map(([op, opcode]) => [opcode!.name, Number(op), opcode!] as const))(
    '%s runs with just enough gas and items, and not with one less',
    (_name, op, { gas, pops, pushes }) => {
      const grows = BigInt(Math.max(0, pushes - pops));
      const enough = { gas: BigInt(gas), sp: BigInt(pops) };
      expect(ends(op, enough)).toBe(false);
      expect(ends(op, { ...enough, sp: 1024n - grows })).toBe(false);
      if (gas > 0) expect(ends(op, { ...enough, gas: BigInt(gas - 1) })).toBe(true);
      if (pops > 0) expect(ends(op, { ...enough, sp: BigInt(pops - 1) })).toBe(true);
      if (grows > 0n) expect(ends(op, { ...enough, sp: 1024n })).toBe(true);
    },
  );

  it('leaves no gas, no refund and the work of before', () => {
    const machine = machineOf(random, { stack: [], exec: { gas: 2n } });
    haltStep(machine, ADD);
    const { ts, call, work, jrn } = machine.exec;
    expect(machine.end).toEqual({ ts: ts + 1n, call, ok: 0n, gas: 0n, work, jrn, refund: 0n });
    expect(machine.rows[0]!.origin).toContain('ADD: out of gas');
  });
});
