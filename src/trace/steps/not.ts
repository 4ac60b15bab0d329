import { NOT_EFFECT, not } from '../../chips/not.js';
import type { StepBuilder } from '../execution/machine.js';

/** NOT. */
export const notStep: StepBuilder = (machine) => {
  const head = machine.head();
  const a = machine.pop();
  machine.push(BigInt.asUintN(256, ~a.value));
  machine.step(not, { ...head, a: a.cells }, NOT_EFFECT, 'NOT');
};
