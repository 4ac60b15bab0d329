import type { Machine } from '../machine.js';

/**
 * Ends the frame when `op`, an opcode with memory, costs more than the gas left or reads what no frame can pay for; whether it did. The
 * machine's items are still on its stack.
 */
export function memoryHalt(_machine: Machine, _op: number): boolean {
  return false;
}
