import type { Term } from '../../../src/bus/tuple.js';
import type { Columns, RowOf } from '../../../src/chips/chip.js';
import type { Exec } from '../../../src/chips/lib/step.js';
import type { Frame } from '../../../src/trace/execution/machine.js';
import { Draft } from '../execution-forger.js';
import { Forgeries, type Forgery } from '../forgery.js';
import { isBroken } from './broken.js';
import { type OneStep, oneStep, openKinds, termsOfStep } from './one-step.js';
import { randomOf, testSeed } from './random.js';

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
  const draft = new Draft(step.row);
  edit?.(draft, step);
  const row = draft.columns as RowOf<Columns>;
  const isTrue = effects(termsOfStep(step, row)) === effects(termsOfStep(truth));
  if (change !== undefined && isTrue) throw new Error('no lie: the row sends what the true one does');
  const broken = (await isBroken({ chip: step.chip, row })) ? ['constraint'] : [];
  return [...broken, ...openKinds(step, row, truth)].join(' ');
}

/** What a row makes of the machine and its stack. */
function effects(terms: readonly Term[]): string {
  const sent = terms.filter(({ weight, tuple }) => weight === 1n && ['EXEC', 'STACK'].includes(tuple.name));
  return sent.map(({ tuple }) => `${tuple.name} ${tuple.values.join()}`).join('\n');
}
