import type { Term } from '../../../src/bus/tuple.js';
import { type Columns, cellsOf, type RowOf } from '../../../src/chips/chip.js';
import { CHIPS } from '../../../src/chips/index.js';
import type { Exec } from '../../../src/chips/lib/step.js';
import type { Frame } from '../../../src/trace/execution/machine.js';
import { Draft } from '../execution-forger.js';
import { type ChipCircuit, randomChallenge } from './circuit.js';
import { type OneStep, oneStep, openKinds, termsOfStep } from './one-step.js';
import { randomOf } from './random.js';
import { ConstraintFailed } from './witness.js';

/** What is changed in the honest row; `step` is its step, with another frame of the batch beside it. */
export type Change = (row: Draft, step: OneStep) => unknown;

/**
 * A row that lies: its name, its barrier, whose row it is, the items it finds (topmost first) and what is changed in it. The code, the stack
 * and the frame may be others than the row was made for (`at`, `found`).
 */
export type Forgery = readonly [
  name: string,
  barrier: string,
  op: number,
  items: readonly bigint[],
  change: Change,
  world?: {
    readonly at?: number;
    readonly found?: readonly bigint[];
    readonly frame?: Partial<Frame>;
    readonly exec?: Partial<Exec>;
  },
];

/** Nothing is changed. */
export const asIs: Change = () => {};

/**
 * What stops a forgery: `constraint`, and the kinds of tuples that stay open. `lies`: the row sends another machine or item than the
 * true one would.
 */
export function barrierOf(
  circuits: ReadonlyMap<string, ChipCircuit>,
  seed: number,
  [name, , op, items, change, { at = op, found = items, frame = {}, exec = {} } = {}]: Forgery,
): { readonly barrier: string; readonly lies: boolean } {
  // One seed: both machines are the same but for what differs here. More items below, for a row that takes more than it should.
  const stepOf = (code: number, stack: readonly bigint[]) => {
    const below = Array<bigint>(2 + found.length - stack.length).fill(99n);
    return oneStep(randomOf(seed, name), code, { stack: [...below, ...[...stack].reverse()], frame, exec });
  };
  const [step, truth] = [stepOf(op, items), stepOf(at, found)];
  const draft = new Draft(step.row);
  change(draft, step);
  const row = draft.columns as RowOf<Columns>;
  const broken = isBroken(circuits.get(step.chip)!, cellsOf(CHIPS[step.chip]!, row), seed) ? ['constraint'] : [];
  return {
    barrier: [...broken, ...openKinds(step, row, truth)].join(' '),
    lies: sent(termsOfStep(step, row)) !== sent(termsOfStep(truth)),
  };
}

function sent(terms: readonly Term[]): string {
  const effects = terms.filter(({ weight, tuple }) => weight === 1n && ['EXEC', 'STACK'].includes(tuple.name));
  return effects.map(({ tuple }) => `${tuple.name} ${tuple.values.join()}`).join('\n');
}

function isBroken(circuit: ChipCircuit, cells: readonly bigint[], seed: number): boolean {
  try {
    circuit.witness(cells, randomChallenge(randomOf(seed, 'challenge')));
    return false;
  } catch (error) {
    if (error instanceof ConstraintFailed) return true;
    throw error;
  }
}
