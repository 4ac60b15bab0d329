import { dup, dupEffect } from '../../chips/dup.js';
import { OP, opcodeName } from '../../evm/opcodes.js';
import type { StepBuilder } from '../execution/machine.js';

/** DUP1 to DUP16. */
export const dupStep: StepBuilder = (machine, op) => {
  const head = machine.head();
  const n = op - OP.DUP1 + 1;
  const { value, cells } = machine.touch(n);
  machine.push(value);
  machine.step(dup, { ...head, op: BigInt(op), a: cells }, dupEffect(BigInt(op)), opcodeName(op));
};
