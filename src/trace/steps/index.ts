import type { StepBuilder } from '../machine.js';
import { addStep } from './add.js';
import { popStep } from './pop.js';

/** Who makes the row of an opcode. What is not here halts its frame by rule of this version (FORMATS.md). */
export const STEPS: Readonly<Partial<Record<number, StepBuilder>>> = {
  1: addStep,
  3: addStep,
  80: popStep,
};
