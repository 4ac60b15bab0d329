import { JUMPDEST_EFFECT, jump, jumpdest, jumpEffect, jumpi, jumpiEffect } from '../../chips/jump.js';
import type { StepBuilder } from '../execution/machine.js';
import { badJump } from './badjump.js';

/** JUMP. To a bad place it ends the frame. */
export const jumpStep: StepBuilder = (machine, op) => {
  if (badJump(machine, op)) return;
  const head = machine.head();
  const a = machine.pop();
  machine.step(jump, { ...head, a: a.cells.slice(1) }, jumpEffect(machine.exec, a.value), 'JUMP');
};

/** JUMPI. Taken to a bad place it ends the frame. */
export const jumpiStep: StepBuilder = (machine, op) => {
  if (badJump(machine, op)) return;
  const head = machine.head();
  const [a, b] = [machine.pop(), machine.pop()];
  const taken = b.value === 0n ? 0n : 1n;
  const effect = jumpiEffect(machine.exec, a.value, taken);
  machine.step(jumpi, { ...head, a: a.cells, b: b.cells, taken }, effect, 'JUMPI');
};

/** JUMPDEST. */
export const jumpdestStep: StepBuilder = (machine) =>
  machine.step(jumpdest, machine.head(), JUMPDEST_EFFECT, 'JUMPDEST');
