import { BusError } from '../errors/bus.js';
import { mod, R } from './field.js';
import { describe, type Term, type Tuple } from './tuple.js';

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

/** Every tuple whose weights do not add up to 0 (mod r), over all origins. Empty exactly when the bus balances. */
export function imbalances(parts: Iterable<Origin>): Imbalance[] {
  const entries = new Map<string, { tuple: Tuple; weight: bigint; origins: Set<string> }>();
  for (const { origin, terms } of parts) {
    for (const { weight, tuple } of terms) {
      if (mod(weight) === 0n) continue;
      const key = `${tuple.name}:${tuple.values.join()}`;
      const entry = entries.get(key) ?? { tuple, weight: 0n, origins: new Set<string>() };
      entries.set(key, entry);
      entry.weight = mod(entry.weight + weight);
      entry.origins.add(origin);
    }
  }
  return [...entries.values()]
    .filter(({ weight }) => weight !== 0n)
    .map(({ tuple, weight, origins }) => ({
      tuple,
      surplus: weight > R / 2n ? weight - R : weight,
      origins: [...origins],
    }));
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
