import { badjump, badjumpi } from '../../chips/badjump.js';
import { GAS_LIMBS } from '../../chips/halt.js';
import { LIMBS_128, limbsOf } from '../../chips/lib/range.js';
import { haltEnd } from '../../chips/lib/step.js';
import { OP } from '../../evm/opcodes.js';
import { jumpDests } from '../execution/code-rows.js';
import type { FrameMachine } from '../execution/machine.js';

const HALF = 1n << 128n;

/** Ends the frame when `op`, JUMP or JUMPI, goes to a place that is no jump target; whether it did. */
export function badJump(machine: FrameMachine, op: number): boolean {
  const { stack, exec, frame } = machine;
  const [to, condition] = [stack.at(-1)!.value, stack.at(-2)?.value];
  const isJumpi = op === OP.JUMPI;
  if (jumpDests(frame.code).has(to) || (isJumpi && condition === 0n)) return false;
  const head = machine.head();
  const a = machine.pop().cells;
  const length = BigInt(frame.code.length);
  const far = to >= HALF;
  const beyond = !far && to >= length;
  const row = {
    ...head,
    left: limbsOf(exec.gas, GAS_LIMBS),
    a,
    far: far ? 1n : 0n,
    beyond: beyond ? 1n : 0n,
    past: limbsOf(beyond ? to - length : 0n, LIMBS_128),
  };
  const what = `${isJumpi ? 'JUMPI' : 'JUMP'} to 0x${to.toString(16)}, no JUMPDEST`;
  if (isJumpi) machine.finish(badjumpi, { ...row, b: machine.pop().cells }, haltEnd(exec), what);
  else machine.finish(badjump, row, haltEnd(exec), what);
  return true;
}
