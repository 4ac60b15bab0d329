import {
  ADDRESS_MASK,
  ADDRESS_MASK_CODE,
  ADDRESS_MASK_EFFECT,
  ADDRESS_MASK_ITEMS,
  ADDRESS_MASK_STEPS,
  addressmask,
} from '../../chips/addressmask.js';
import type { FrameMachine } from '../execution/machine.js';
import { STACK_LIMIT } from './halt.js';

/**
 * The mask of an address in one row, where its five steps stand at pc and all of them can run.
 * @returns how many steps of the VM it was: 0 where it does not stand, or gas or stack ends the frame amid them
 */
export function addressMaskStep(machine: FrameMachine): number {
  const { exec, frame } = machine;
  const at = Number(exec.pc);
  if (ADDRESS_MASK_CODE.some((byte, i) => frame.code[at + i] !== byte)) return 0;
  if (exec.gas < ADDRESS_MASK_EFFECT.cost || exec.sp + ADDRESS_MASK_ITEMS > STACK_LIMIT) return 0;
  const head = machine.head();
  machine.push(ADDRESS_MASK, exec.ts + BigInt(ADDRESS_MASK_STEPS - 1));
  machine.step(addressmask, head, ADDRESS_MASK_EFFECT, "an address's mask: PUSH1 PUSH1 PUSH1 SHL SUB");
  return ADDRESS_MASK_STEPS;
}
