import { GAS_LIMBS, halt } from '../../chips/halt.js';
import { limbsOf } from '../../chips/lib/range.js';
import { haltEnd } from '../../chips/lib/step.js';
import { OPCODE_INFO } from '../../evm/opcode-tables.js';
import { OPCODES } from '../../evm/opcodes.js';
import type { FrameMachine } from '../execution/machine.js';

/** Items that a stack holds. */
export const STACK_LIMIT = 1024n;

/** Why an opcode cannot run, in the order of the row's `why`; `unknown` is none of them. */
const REASONS = ['out of gas', 'stack underflow', 'stack overflow', 'opcode not covered'] as const;

/** Ends the frame when `op` cannot run whatever its operands are: gas, stack, not covered; whether it did. */
export function haltStep(machine: FrameMachine, op: number): boolean {
  const { gas: least, pops, grows, covered } = OPCODE_INFO[op]!;
  const { exec } = machine;
  const isWhy = [exec.gas < least, exec.sp < pops, exec.sp + grows - 16n > STACK_LIMIT, covered === 0n];
  const why = isWhy.indexOf(true);
  if (why === -1) return false;
  const row = {
    ...machine.head(),
    left: limbsOf(exec.gas, GAS_LIMBS),
    op: BigInt(op),
    least,
    pops,
    grows,
    covered,
    why: [0, 1, 2].map((reason) => (reason === why ? 1n : 0n)),
  };
  const name = OPCODES[op]?.name ?? `opcode 0x${op.toString(16).padStart(2, '0')}`;
  machine.finish(halt, row, haltEnd(exec), `${name}: ${REASONS[why]}`);
  return true;
}
