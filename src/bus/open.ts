import { mod } from './field.js';
import type { TupleName } from './layout.js';
import { keyOf, type Term, type Tuple } from './tuple.js';

/** What is left of one tuple. */
interface Left {
  readonly tuple: Tuple;
  /** Sent minus received, not reduced. */
  weight: bigint;
}

/** Tables of few entries that many rows look up, by the place that an entry has in the table's array. */
const SMALL: Readonly<Partial<Record<TupleName, { readonly size: number; readonly at: (values: Values) => number }>>> =
  {
    RANGE12: { size: 4096, at: ([x]) => numberBelow(4096n, x!) },
    // move is 33 at most, of a PUSH32
    BYTE: {
      size: 256 * 68,
      at: ([x, move, dest]) => 256 * (2 * numberBelow(34n, move!) + numberBelow(2n, dest!)) + numberBelow(256n, x!),
    },
    AND4: {
      size: 4096,
      at: ([a, b, c]) => 256 * numberBelow(16n, a!) + 16 * numberBelow(16n, b!) + numberBelow(16n, c!),
    },
  };

type Values = readonly bigint[];

function numberBelow(limit: bigint, x: bigint): number {
  return x < limit ? Number(x) : Number.NaN;
}

/**
 * The tuples of some terms that are not received as often as they are sent. A tuple that balances is forgotten, so memory is needed for
 * those open at a time, whatever their number in all. Exact: no tuple is taken for another one.
 */
export class OpenTuples {
  readonly #left = new Map<string, Left>();
  /** Counts of {@link SMALL} tables that have not reached {@link #left} yet; of each entry, one of its terms tells the tuple. */
  readonly #counts = new Map<TupleName, { readonly counts: Float64Array; readonly tuples: (Tuple | undefined)[] }>();

  add(terms: Iterable<Term>): void {
    for (const { weight, tuple } of terms) {
      if (weight === 0n) continue;
      if (weight === -1n && SMALL[tuple.name] !== undefined && this.#looked(tuple)) continue;
      this.#add(tuple, weight);
    }
  }

  /** What is open of one of these kinds. */
  of(...names: readonly TupleName[]): Tuple[] {
    this.#settle();
    return [...this.#left.values()].filter(({ tuple }) => names.includes(tuple.name)).map(({ tuple }) => tuple);
  }

  /** How often `tuple` must still be sent, mod r. */
  due(tuple: Tuple): bigint {
    this.#settle();
    return mod(-(this.#left.get(keyOf(tuple))?.weight ?? 0n));
  }

  /** What a tuple, by its {@link keyOf}, is sent more often than received, mod r. */
  surplus(key: string): bigint {
    this.#settle();
    return mod(this.#left.get(key)?.weight ?? 0n);
  }

  get size(): number {
    this.#settle();
    return this.#left.size;
  }

  /** Counts a look-up of a small table; false when the table has no such entry. */
  #looked(tuple: Tuple): boolean {
    const { size, at } = SMALL[tuple.name]!;
    const place = at(tuple.values);
    if (Number.isNaN(place)) return false;
    let table = this.#counts.get(tuple.name);
    if (table === undefined) {
      table = { counts: new Float64Array(size), tuples: Array<Tuple | undefined>(size).fill(undefined) };
      this.#counts.set(tuple.name, table);
    }
    table.counts[place]!++;
    table.tuples[place] ??= tuple;
    return true;
  }

  #settle(): void {
    for (const { counts, tuples } of this.#counts.values()) {
      tuples.forEach((tuple, place) => {
        if (tuple !== undefined) this.#add(tuple, -BigInt(counts[place]!));
      });
    }
    this.#counts.clear();
  }

  #add(tuple: Tuple, weight: bigint): void {
    const key = keyOf(tuple);
    const known = this.#left.get(key);
    const sum = known === undefined ? weight : known.weight + weight;
    if (mod(sum) === 0n) {
      if (known !== undefined) this.#left.delete(key);
    } else if (known === undefined) this.#left.set(key, { tuple, weight });
    else known.weight = sum;
  }
}
