import type { Term } from '../../../src/bus/tuple.js';
import { type Columns, cellsOf, type RowOf } from '../../../src/chips/chip.js';
import { CHIPS } from '../../../src/chips/index.js';
import type { Exec } from '../../../src/chips/lib/step.js';
import type { Frame } from '../../../src/trace/execution/machine.js';
import { Draft } from '../execution-forger.js';
import { Forgeries, type Forgery } from '../forgery.js';
import { type ChipCircuit, chipCircuit, randomChallenge } from './circuit.js';
import { type OneStep, oneStep, openKinds, termsOfStep } from './one-step.js';
import { randomOf, testSeed } from './random.js';
import { ConstraintFailed } from './witness.js';

/** One opcode that a machine executes. */
export interface Execution {
  readonly op: number;
  /** Topmost first. */
  readonly items: readonly bigint[];
  readonly frame?: Partial<Frame>;
  readonly exec?: Partial<Exec>;
}

/** Changes the row; `step` is its step, with another frame of the batch beside it. */
export type RowChange = (row: Draft, step: OneStep) => unknown;

/** A change of the row, or the row of another opcode or of other items in its place. */
export type StepChange =
  | RowChange
  | { readonly as?: number; readonly items?: readonly bigint[]; readonly row?: RowChange };

/** A lie in the row of one opcode, as consistent as can be everywhere else, in a world that goes on from whatever the row sends. */
export type StepForgery = Forgery<Execution, StepChange>;

/** Executes `op` on these items, topmost first. */
export function does(op: number, items: readonly bigint[], world: Pick<Execution, 'frame' | 'exec'> = {}): Execution {
  return { op, items, ...world };
}

/** Lies about opcodes whose rows are one chip's. */
export function stepForgeries(chip: string, list: readonly StepForgery[]): Forgeries<Execution, StepChange> {
  return new Forgeries(chip, caughtBy, list);
}

const circuits = new Map<string, Promise<ChipCircuit>>();

/** A chip's circuit, read once by all lists. */
function circuitOf(chip: string): Promise<ChipCircuit> {
  const circuit = circuits.get(chip) ?? chipCircuit(CHIPS[chip]!);
  circuits.set(chip, circuit);
  return circuit;
}

/** Its row's constraint, and tuples that stay open: STACK an item that nobody pushed, CODE an opcode that does not stand there. */
async function caughtBy(
  { op, items, frame = {}, exec = {} }: Execution,
  change: StepChange | undefined,
  name: string,
): Promise<string> {
  const seed = testSeed();
  const { as = op, items: built = items, row: edit } = typeof change === 'function' ? { row: change } : (change ?? {});
  // One seed: both machines are the same but for what differs here. More items below, for a row that takes more than it should.
  const stepOf = (code: number, stack: readonly bigint[]) => {
    const below = Array<bigint>(2 + items.length - stack.length).fill(99n);
    return oneStep(randomOf(seed, name), code, { stack: [...below, ...[...stack].reverse()], frame, exec });
  };
  const [step, truth] = [stepOf(as, built), stepOf(op, items)];
  const circuit = await circuitOf(step.chip);
  const draft = new Draft(step.row);
  edit?.(draft, step);
  const row = draft.columns as RowOf<Columns>;
  const isTrue = effects(termsOfStep(step, row)) === effects(termsOfStep(truth));
  if (change !== undefined && isTrue) throw new Error('no lie: the row sends what the true one does');
  const broken = isBroken(circuit, cellsOf(circuit.chip, row), seed) ? ['constraint'] : [];
  return [...broken, ...openKinds(step, row, truth)].join(' ');
}

/** What a row makes of the machine and its stack. */
function effects(terms: readonly Term[]): string {
  const sent = terms.filter(({ weight, tuple }) => weight === 1n && ['EXEC', 'STACK'].includes(tuple.name));
  return sent.map(({ tuple }) => `${tuple.name} ${tuple.values.join()}`).join('\n');
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
