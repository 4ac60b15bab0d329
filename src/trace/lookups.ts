import { mod } from '../bus/field.js';
import { LAYOUT, type TupleName } from '../bus/layout.js';
import { keyOf, type Term, type Tuple } from '../bus/tuple.js';

/** How often each tuple of some rows is looked up and not yet supplied. */
export class Lookups {
  readonly #open = new Map<string, { readonly tuple: Tuple; count: bigint }>();

  /**
   * Counts terms of tables: what is looked up is received, so its weight is negative. RANGE12, most of all terms, has a counter of its own
   * (`rangeTable`).
   */
  add(terms: Iterable<Term>): void {
    for (const { weight, tuple } of terms) {
      if (tuple.name === 'RANGE12' || LAYOUT[tuple.name].class !== 'table' || mod(weight) === 0n) continue;
      const key = keyOf(tuple);
      const entry = this.#open.get(key);
      if (entry === undefined) this.#open.set(key, { tuple, count: -weight });
      else entry.count -= weight;
    }
  }

  /** What is looked up of one of these kinds. */
  of(...names: readonly TupleName[]): Tuple[] {
    return [...this.#open.values()].filter(({ tuple }) => names.includes(tuple.name)).map(({ tuple }) => tuple);
  }

  /** How often `tuple` must still be supplied; from now on not at all. */
  take(tuple: Tuple): bigint {
    const key = keyOf(tuple);
    const count = this.#open.get(key)?.count ?? 0n;
    this.#open.delete(key);
    return mod(count);
  }
}
