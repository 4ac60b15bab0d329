import { randomBytes } from 'node:crypto';
import type { Hex } from 'viem';

/** The newest entries of something that goes on, numbered from 0, so that many can read it, each from where it is. */
export class Journal<T> {
  readonly #most: number;
  readonly #weight: (entry: T) => number;
  readonly #entries: T[] = [];
  #kept = 0;
  #dropped = 0;

  /**
   * @param most weight of all entries that are kept at most; the newest is always kept
   * @param weight of an entry; 1 when absent
   */
  constructor(most: number, weight: (entry: T) => number = () => 1) {
    this.#most = most;
    this.#weight = weight;
  }

  /** Number of the next entry. */
  get next(): number {
    return this.#dropped + this.#entries.length;
  }

  append(entry: T): void {
    this.#entries.push(entry);
    this.#kept += this.#weight(entry);
    while (this.#kept > this.#most && this.#entries.length > 1) {
      this.#kept -= this.#weight(this.#entries.shift()!);
      this.#dropped++;
    }
  }

  /** Drops all, and counts one that nobody can be told of: who reads from before it has missed something. */
  skip(): void {
    this.#dropped = this.next + 1;
    this.#entries.length = 0;
    this.#kept = 0;
  }

  /** The entries from number `from` on; undefined when some of them are no longer kept. */
  since(from: number): readonly T[] | undefined {
    return from < this.#dropped ? undefined : this.#entries.slice(from - this.#dropped);
  }
}

/** A name that nobody guesses, for a filter or a subscription. */
export function randomId(): Hex {
  return `0x${randomBytes(16).toString('hex')}`;
}
