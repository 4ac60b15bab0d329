import { type Expansion, expansionFor } from '../../chips/lib/expand.js';
import type { StepCells } from '../../chips/lib/step.js';
import type { FrameMachine } from '../execution/machine.js';

/** A fixed number of bytes of memory that a step touches. */
export interface Reached {
  /** Columns that rows of such steps have in common: the machine, the growth of memory, the offset without its high half. */
  readonly common: StepCells & Pick<Expansion, 'grow' | 'cost'> & { readonly offset: readonly bigint[] };
  readonly expansion: Expansion;
  readonly offset: bigint;
}

/** Pops the offset of `bytes` bytes and lets memory grow to them. The caller has checked that the frame can pay (`memhalt.ts`). */
export function reached(machine: FrameMachine, bytes: bigint): Reached {
  const head = machine.head();
  const offset = machine.pop();
  const { ts, mem } = machine.exec;
  const expansion = expansionFor(mem, offset.value, bytes);
  machine.memory.expand(expansion.to, ts);
  const { grow, cost } = expansion;
  return { common: { ...head, grow, cost, offset: offset.cells.slice(1) }, expansion, offset: offset.value };
}
