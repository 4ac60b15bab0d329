import { JUMPDEST_EFFECT, jump, jumpdest, jumpEffect, jumpi, jumpiEffect } from '../../chips/jump.js';
import { limbsOf } from '../../chips/lib/range.js';
import { REGISTER_LIMBS, register, registerEffect, registerValue } from '../../chips/register.js';
import type { Machine, StepBuilder } from '../execution/machine.js';
import { badJump } from './badjump.js';

const [JUMP, JUMPI, PC, MSIZE, GAS] = [0x56, 0x57, 0x58, 0x59, 0x5a];

/** JUMP, JUMPI, JUMPDEST, PC, MSIZE, GAS. A jump to a bad place ends the frame. */
export const jumpStep: StepBuilder = (machine, op) => {
  if (op === JUMP || op === JUMPI) return badJump(machine, op) ? undefined : go(machine, op);
  const head = machine.head();
  if (op !== PC && op !== MSIZE && op !== GAS) return machine.step(jumpdest, head, JUMPDEST_EFFECT, 'JUMPDEST');
  const which = { msize: op === MSIZE ? 1n : 0n, gas: op === GAS ? 1n : 0n };
  const word = registerValue(machine.exec, which);
  machine.push(word);
  const name = op === PC ? 'PC' : op === MSIZE ? 'MSIZE' : 'GAS';
  machine.step(register, { ...head, ...which, value: limbsOf(word, REGISTER_LIMBS) }, registerEffect(which), name);
};

function go(machine: Machine, op: number): void {
  const head = machine.head();
  const a = machine.pop();
  if (op === JUMP) {
    machine.step(jump, { ...head, a: a.cells.slice(1) }, jumpEffect(machine.exec, a.value), 'JUMP');
    return;
  }
  const b = machine.pop();
  const taken = b.value === 0n ? 0n : 1n;
  const effect = jumpiEffect(machine.exec, a.value, taken);
  machine.step(jumpi, { ...head, a: a.cells, b: b.cells, taken }, effect, 'JUMPI');
}
