import { limbsOf } from '../../chips/lib/range.js';
import { REGISTER_LIMBS, register, registerEffect, registerValue } from '../../chips/register.js';
import { OP, opcodeName } from '../../evm/opcodes.js';
import type { StepBuilder } from '../execution/machine.js';

/** PC, MSIZE, GAS. */
export const registerStep: StepBuilder = (machine, op) => {
  const head = machine.head();
  const which = { msize: op === OP.MSIZE ? 1n : 0n, gas: op === OP.GAS ? 1n : 0n };
  const word = registerValue(machine.exec, which);
  machine.push(word);
  const row = { ...head, ...which, value: limbsOf(word, REGISTER_LIMBS) };
  machine.step(register, row, registerEffect(which), opcodeName(op));
};
