import { expandCells, expansionFor, grownBy } from '../../chips/lib/expand.js';
import { NO_POP } from '../../chips/lib/step.js';
import { log, logEffect, lowerLimbs } from '../../chips/log.js';
import { OP, opcodeName } from '../../evm/opcodes.js';
import type { StepBuilder } from '../execution/machine.js';
import { memoryHalt } from './memhalt.js';

/** LOG0 to LOG4. */
export const logStep: StepBuilder = (machine, op) => {
  if (memoryHalt(machine, op)) return;
  const head = machine.head();
  const n = op - OP.LOG0;
  const [offset, length] = [machine.pop(), machine.pop()];
  const topics = Array.from({ length: n }, () => machine.pop().cells);
  const expand = expandCells(machine.exec, offset.value, length.value);
  const expansion = expansionFor(machine.exec.mem, offset.value, length.value);
  machine.memory.expand(expansion.to, machine.exec.ts);
  machine.step(
    log,
    {
      ...head,
      has: [0, 1, 2, 3].map((i) => (i < n ? 1n : 0n)),
      offset: offset.cells,
      length: length.cells.slice(1),
      lower: lowerLimbs(length.value),
      topic: [0, 1, 2, 3].flatMap((i) => topics[i] ?? NO_POP),
      expand,
    },
    { ...logEffect(BigInt(n), length.value), more: grownBy(expansion) },
    opcodeName(op),
  );
};
