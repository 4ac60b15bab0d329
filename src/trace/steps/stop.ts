import { limbsOf } from '../../chips/lib/range.js';
import { returnEnd, stop } from '../../chips/stop.js';
import type { StepBuilder } from '../execution/machine.js';

/** STOP, written in the code or standing behind it. */
export const stopStep: StepBuilder = (machine) => {
  const { exec, frame } = machine;
  const row = { ...machine.head(), left: limbsOf(exec.gas, 6) };
  machine.finish(stop, row, returnEnd(exec, 1n), exec.pc < BigInt(frame.code.length) ? 'STOP' : 'end of the code');
};
