import { opcodeName } from './opcodes.js';
import type { Halt, HaltReason } from './run.js';

const WHY: Readonly<Record<HaltReason, string>> = {
  uncovered: 'an opcode that this version does not cover; it halts like INVALID',
  hashLength: 'its input is longer than 64 KiB, which this version does not hash',
  hashWork: 'hashing its input is more work than the batch has left beside what the gas left reserves',
  invalid: 'no valid opcode',
  outOfGas: 'the gas does not suffice',
  badJump: 'the destination is no JUMPDEST',
  stackUnderflow: 'the stack is too short',
  stackOverflow: 'the stack is full',
};

/** The reasons that are rules of this rollup's version: on Ethereum the code would go on. */
export const HALTS_BY_RULE: readonly HaltReason[] = ['uncovered', 'hashLength', 'hashWork'];

/** A halt for people: `CALL at pc 211 halts: an opcode that ...`. */
export function haltText({ reason, pc, op }: Halt): string {
  return `${opcodeName(op)} at pc ${pc} halts: ${WHY[reason]}`;
}
