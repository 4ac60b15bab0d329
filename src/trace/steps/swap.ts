import { swap, swapEffect } from '../../chips/swap.js';
import { OP, opcodeName } from '../../evm/opcodes.js';
import type { StepBuilder } from '../execution/machine.js';

/** SWAP1 to SWAP16. */
export const swapStep: StepBuilder = (machine, op) => {
  const head = machine.head();
  const n = op - OP.SWAP1 + 1;
  const [a, b] = [machine.touch(1), machine.touch(n + 1)];
  const { stack } = machine;
  const [top, below] = [stack.length - 1, stack.length - 1 - n];
  [stack[top], stack[below]] = [stack[below]!, stack[top]!];
  machine.step(swap, { ...head, op: BigInt(op), a: a.cells, b: b.cells }, swapEffect(BigInt(op)), opcodeName(op));
};
