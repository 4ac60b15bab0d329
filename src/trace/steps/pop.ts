import { POP_EFFECT, pop } from '../../chips/pop.js';
import type { StepBuilder } from '../execution/machine.js';

/** POP. */
export const popStep: StepBuilder = (machine) => {
  const head = machine.head();
  const a = machine.pop().cells;
  machine.step(pop, { ...head, a }, POP_EFFECT, 'POP');
};
