import type { TupleName } from '../../../src/bus/layout.js';
import { Assignment, type Net, type Surroundings } from './assignment.js';
import type { Print, Statement } from './extract.js';
import { Contradiction, centred } from './knowledge.js';
import type { Values } from './tables.js';

/** What rows of a chip do with a tuple that they receive. */
export interface Found {
  /** Whether one of them does what is expected. */
  readonly expected: boolean;
  /** What else they do. */
  readonly others: readonly Net[];
  /** Why the search is not complete, when it is not. */
  readonly open?: string;
}

/** Steps of one search at most. */
const STEPS = 3_000;

type Judge = (net: Net) => 'expected' | 'harmless' | 'other';

/**
 * Everything that a row of a chip can do when it receives the tuple: by propagation through its constraints and look-ups, and by cases where
 * nothing follows. `judge` knows what is expected, and what need not be looked at any further.
 */
export function effectsOf(
  statement: Statement,
  name: TupleName,
  values: Values,
  around: Surroundings,
  judge: Judge,
): Found {
  const search = new Search(judge);
  for (const print of statement.prints.filter((one) => one.name === name && isReceived(one))) {
    const row = new Assignment(statement, around);
    row.take(print, values);
    search.visit(row);
  }
  return search;
}

/** What a row of a chip can do that need not receive anything; nothing is expected of it. */
export function idleEffects(statement: Statement, around: Surroundings): Found {
  const search = new Search((net) => (net.size === 0 ? 'expected' : 'other'));
  search.visit(new Assignment(statement, around));
  return search;
}

class Search implements Found {
  readonly others: Net[] = [];
  expected = false;
  open?: string;
  #steps = 0;

  constructor(readonly judge: Judge) {}

  visit(row: Assignment): void {
    if (this.open !== undefined) return;
    try {
      this.#follow(row);
    } catch (error) {
      if (!(error instanceof Contradiction)) throw error;
    }
  }

  /** @throws Contradiction */
  #follow(row: Assignment): void {
    this.#steps++;
    row.propagate();
    // Cases are cheaper than combining equations, but for the first time.
    const cases = this.#steps === 1 ? undefined : row.alternatives(2n);
    if (cases === undefined) while (row.combine()) row.propagate();
    const net = row.net();
    const judgement = net === undefined ? undefined : this.judge(net);
    if (judgement === 'expected') this.expected = true;
    if (judgement === 'expected' || judgement === 'harmless') return;
    const alternatives = cases ?? row.alternatives();
    if (this.#steps > STEPS) this.open = `more than ${STEPS} steps`;
    else if (alternatives !== undefined) for (const choose of alternatives) this.visit(choose());
    else if (net !== undefined) {
      // What the last combination knew only together may still refute the row.
      row.combine();
      this.others.push(net);
    } else this.open = `${row.unknown.length} wires do not follow`;
  }
}

/** Whether the tuple's weight can be -1, as weights are sums of booleans. */
function isReceived({ weight }: Print): boolean {
  const coefficients = [...weight].map(([wire, x]) => ({ wire, x: centred(x) }));
  return coefficients.reduce((least, { wire, x }) => (wire === 0 || x < 0n ? least + x : least), 0n) < 0n;
}
