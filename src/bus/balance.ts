import { BusError } from '../errors/bus.js';
import { mod, R } from './field.js';
import { OpenTuples } from './open.js';
import { describe, keyOf, type Term, type Tuple } from './tuple.js';

/** Terms with a word on where they come from, e.g. `transaction 3 (transfer)`. */
export interface Origin {
  readonly origin: string;
  readonly terms: readonly Term[];
}

/** Origins that one imbalance names at most: a table's entry may be looked up by every row of a batch. */
const MOST_ORIGINS = 1_000;

/** A tuple that is not received as often as it is sent, and who touched it. */
export interface Imbalance {
  readonly tuple: Tuple;
  /** Sent minus received, as a centred integer. */
  readonly surplus: bigint;
  readonly origins: readonly string[];
}

/**
 * Every tuple whose weights do not add up to 0 (mod r), over all origins. Empty exactly when the bus balances. Who touched what is open
 * at the end is found by a second reading.
 */
export function imbalances(parts: Iterable<Origin>): Imbalance[] {
  const open = new OpenTuples();
  for (const { terms } of parts) open.add(terms);
  if (open.size === 0) return [];
  const touched = new Touched(open);
  for (const part of parts) touched.add(part);
  return touched.imbalances();
}

/** Finds, in a second reading of all terms, who touched the tuples that are open after the first. */
export class Touched {
  readonly #open: OpenTuples;
  readonly #found = new Map<string, { readonly tuple: Tuple; readonly origins: Set<string> }>();

  constructor(open: OpenTuples) {
    this.#open = open;
  }

  add({ origin, terms }: Origin): void {
    for (const { weight, tuple } of terms) {
      const key = keyOf(tuple);
      if (mod(weight) === 0n || this.#open.surplus(key) === 0n) continue;
      const entry = this.#found.get(key) ?? { tuple, origins: new Set<string>() };
      this.#found.set(key, entry);
      if (entry.origins.size < MOST_ORIGINS) entry.origins.add(origin);
    }
  }

  imbalances(): Imbalance[] {
    return [...this.#found].map(([key, { tuple, origins }]) => {
      const weight = this.#open.surplus(key);
      return { tuple, surplus: weight > R / 2n ? weight - R : weight, origins: [...origins] };
    });
  }
}

/** Throws {@link BusError} `BUS_NOT_BALANCED` naming the first tuples that do not balance and the rows that touched them. */
export function assertBalanced(parts: Iterable<Origin>): void {
  refuseImbalances(imbalances(parts));
}

/** @throws BusError `BUS_NOT_BALANCED` when there are any */
export function refuseImbalances(left: readonly Imbalance[]): void {
  if (left.length === 0) return;
  const lines = left.slice(0, 5).map(({ tuple, surplus, origins }) => {
    const verb = surplus > 0n ? 'sent but never received' : 'received but never sent';
    return `  ${describe(tuple)}: ${verb} (${surplus}) by ${origins.slice(0, 4).join('; ')}`;
  });
  throw new BusError('BUS_NOT_BALANCED', `${left.length} tuples do not balance:\n${lines.join('\n')}`);
}
