import { BusError } from '../errors/bus.js';
import { mod, R } from './field.js';
import { describe, keyOf, type Term, type Tuple } from './tuple.js';

/** Terms with a word on where they come from, e.g. `transaction 3 (transfer)`. */
export interface Origin {
  readonly origin: string;
  readonly terms: readonly Term[];
}

/** A tuple that is not received as often as it is sent, and who touched it. */
export interface Imbalance {
  readonly tuple: Tuple;
  /** Sent minus received, as a centred integer. */
  readonly surplus: bigint;
  readonly origins: readonly string[];
}

/**
 * Every tuple whose weights do not add up to 0 (mod r), over all origins. Empty exactly when the bus balances. A tuple is forgotten
 * when it balances, so memory is needed for those open at a time; who touched what is open at the end is found by a second reading.
 */
export function imbalances(parts: Iterable<Origin>): Imbalance[] {
  const open = new Map<string, bigint>();
  for (const { terms } of parts) {
    for (const { weight, tuple } of terms) {
      const key = keyOf(tuple);
      const sum = mod((open.get(key) ?? 0n) + weight);
      if (sum === 0n) open.delete(key);
      else open.set(key, sum);
    }
  }
  return open.size === 0 ? [] : touched(parts, open);
}

function touched(parts: Iterable<Origin>, open: ReadonlyMap<string, bigint>): Imbalance[] {
  const found = new Map<string, { readonly tuple: Tuple; readonly origins: Set<string> }>();
  for (const { origin, terms } of parts) {
    for (const { weight, tuple } of terms) {
      const key = keyOf(tuple);
      if (mod(weight) === 0n || !open.has(key)) continue;
      const entry = found.get(key) ?? { tuple, origins: new Set<string>() };
      found.set(key, entry);
      entry.origins.add(origin);
    }
  }
  return [...found].map(([key, { tuple, origins }]) => {
    const weight = open.get(key)!;
    return { tuple, surplus: weight > R / 2n ? weight - R : weight, origins: [...origins] };
  });
}

/** Throws {@link BusError} `BUS_NOT_BALANCED` naming the first tuples that do not balance and the rows that touched them. */
export function assertBalanced(parts: Iterable<Origin>): void {
  const left = imbalances(parts);
  if (left.length === 0) return;
  const lines = left.slice(0, 5).map(({ tuple, surplus, origins }) => {
    const verb = surplus > 0n ? 'sent but never received' : 'received but never sent';
    return `  ${describe(tuple)}: ${verb} (${surplus}) by ${origins.slice(0, 4).join('; ')}`;
  });
  throw new BusError('BUS_NOT_BALANCED', `${left.length} tuples do not balance:\n${lines.join('\n')}`);
}
