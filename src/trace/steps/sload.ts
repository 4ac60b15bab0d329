import { haltEnd } from '../../chips/lib/step.js';
import { sload, sloadEffect } from '../../chips/sload.js';
import type { StepBuilder } from '../execution/machine.js';

/** SLOAD. */
export const sloadStep: StepBuilder = (machine) => {
  const { exec, frame, slots } = machine;
  const head = machine.head();
  const key = machine.pop();
  const addr = BigInt(frame.address);
  const { cells, seen } = slots.touch(addr, key.value, exec.ts, frame.tx);
  machine.push(seen.cur);
  const effect = sloadEffect(cells);
  const halts = exec.gas < effect.cost;
  const row = { ...head, oog: halts ? 1n : 0n, addr, tx: frame.tx, key: key.cells, slot: cells };
  if (halts) machine.finish(sload, row, haltEnd(exec), 'SLOAD: out of gas');
  else machine.step(sload, row, effect, 'SLOAD');
};
