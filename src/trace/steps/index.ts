import { OPCODES, type StepChip } from '../../evm/opcodes.js';
import type { StepBuilder } from '../execution/machine.js';
import { addStep } from './add.js';
import { bitwiseStep } from './bitwise.js';
import { byteStep } from './byte.js';
import { calldataloadStep } from './calldataload.js';
import { compareStep } from './compare.js';
import { divStep } from './div.js';
import { dupStep } from './dup.js';
import { envStep } from './env.js';
import { jumpdestStep, jumpiStep, jumpStep } from './jump.js';
import { keccak256Step } from './keccak256.js';
import { logStep } from './log.js';
import { memoryStep } from './memory.js';
import { mulStep } from './mul.js';
import { notStep } from './not.js';
import { popStep } from './pop.js';
import { push0Step, pushStep } from './push.js';
import { registerStep } from './register.js';
import { returnStep } from './return.js';
import { shiftStep } from './shift.js';
import { sloadStep } from './sload.js';
import { sstoreStep } from './sstore.js';
import { stopStep } from './stop.js';
import { swapStep } from './swap.js';

/** Who makes the rows of a chip's opcodes, by the chip's name in {@link OPCODES}. */
const BUILDERS: Readonly<Record<StepChip, StepBuilder>> = {
  keccak256: keccak256Step,
  log: logStep,
  memory: memoryStep,
  mstore8: memoryStep,
  add: addStep,
  bitwise: bitwiseStep,
  not: notStep,
  byte: byteStep,
  compare: compareStep,
  div: divStep,
  env: envStep,
  calldataload: calldataloadStep,
  dup: dupStep,
  jump: jumpStep,
  jumpi: jumpiStep,
  jumpdest: jumpdestStep,
  register: registerStep,
  mul: mulStep,
  pop: popStep,
  shift: shiftStep,
  push: pushStep,
  push0: push0Step,
  return: returnStep,
  stop: stopStep,
  sload: sloadStep,
  sstore: sstoreStep,
  swap: swapStep,
};

/** Who makes the row of an opcode. What is not here halts its frame by rule of this version (FORMATS.md). */
export const STEPS: Readonly<Partial<Record<number, StepBuilder>>> = Object.fromEntries(
  Object.entries(OPCODES).map(([op, opcode]) => [op, BUILDERS[opcode!.chip]]),
);
