import { expandCells, expansionFor } from '../../chips/lib/expand.js';
import { limbsOf } from '../../chips/lib/range.js';
import { returns } from '../../chips/return.js';
import { returnEnd } from '../../chips/stop.js';
import { OP, opcodeName } from '../../evm/opcodes.js';
import type { FrameMachine, StepBuilder } from '../execution/machine.js';
import { memoryHalt } from './memhalt.js';

/** RETURN, REVERT; a row of memhalt when the frame cannot pay for the memory that offset and length need. */
export const returnStep: StepBuilder = (machine: FrameMachine, op: number) => {
  if (memoryHalt(machine, op)) return;
  const head = machine.head();
  const [a, b] = [machine.pop(), machine.pop()];
  const { exec } = machine;
  const reverts = op === OP.REVERT ? 1n : 0n;
  const end = returnEnd(exec, 1n - reverts, expansionFor(exec.mem, a.value, b.value).cost);
  const row = { reverts, a: a.cells, b: b.cells.slice(1), expand: expandCells(exec, a.value, b.value) };
  machine.finish(returns, { ...head, ...row, left: limbsOf(end.gas, 6) }, end, opcodeName(op));
};
