import { OPCODES, type StepChip } from '../../evm/opcodes.js';
import type { StepBuilder } from '../execution/machine.js';
import { ALL_STEPS } from './generated/all.js';

/** Who makes the rows of a chip's opcodes: a chip of the table without a builder is a type error here. */
const BUILDERS: Readonly<Record<StepChip, StepBuilder>> = ALL_STEPS;

/** Who makes the row of an opcode. What is not here halts its frame by rule of this version (FORMATS.md). */
export const STEPS: Readonly<Partial<Record<number, StepBuilder>>> = Object.fromEntries(
  Object.entries(OPCODES).map(([op, opcode]) => [op, BUILDERS[opcode!.chip]]),
);
