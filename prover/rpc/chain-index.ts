import { type Hex, keccak256 } from 'viem';
import { ZERO_WORD } from '../../src/batch/header.js';
import type { FlatState } from '../../src/state/flat-state.js';

/** Where an item stands in the chain. */
export interface ItemPlace {
  /** Number of the batch. */
  readonly number: bigint;
  /** Place among all items of the batch, from 0. */
  readonly item: number;
  readonly executed: boolean;
}

interface IndexedBatch {
  readonly hash: Hex;
  readonly items: readonly Hex[];
}

/**
 * Finds batches and items by their hashes. It is read from the stored batches when it is first asked, kept in memory, and
 * follows the state, also where batches are taken back.
 */
export class ChainIndex {
  readonly #state: Pick<FlatState, 'head' | 'batch' | 'batchHash'>;
  /** By number − 1. */
  readonly #batches: IndexedBatch[] = [];
  readonly #numbers = new Map<Hex, bigint>([[ZERO_WORD, 0n]]);
  /** An item may stand in the chain several times; executed it is once at most. */
  readonly #places = new Map<Hex, ItemPlace[]>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(state: Pick<FlatState, 'head' | 'batch' | 'batchHash'>) {
    this.#state = state;
  }

  /** Number of the batch with this hash; the zero word is the genesis. */
  async numberOf(hash: Hex): Promise<bigint | undefined> {
    await this.#follow();
    return this.#numbers.get(hash);
  }

  /** Where an item with this hash was executed, else where it stood last. */
  async placeOf(hash: Hex): Promise<ItemPlace | undefined> {
    await this.#follow();
    const places = this.#places.get(hash);
    return places?.find(({ executed }) => executed) ?? places?.at(-1);
  }

  #follow(): Promise<void> {
    const run = this.#last.then(() => this.#catchUp());
    this.#last = run.catch(() => undefined);
    return run;
  }

  async #catchUp(): Promise<void> {
    const state = this.#state;
    const known = () => BigInt(this.#batches.length);
    while (known() > 0n) {
      if (known() <= state.head && (await state.batchHash(known())) === this.#batches.at(-1)!.hash) break;
      this.#forgetLast();
    }
    while (known() < state.head) {
      const number = known() + 1n;
      const { batch, batchHash, results } = await state.batch(number);
      const items = batch.txs.map((raw) => keccak256(raw));
      for (const [item, hash] of items.entries()) {
        const places = this.#places.get(hash) ?? [];
        this.#places.set(hash, places);
        places.push({ number, item, executed: results[item]?.kind === 'executed' });
      }
      this.#batches.push({ hash: batchHash, items });
      this.#numbers.set(batchHash, number);
    }
  }

  #forgetLast(): void {
    const { hash, items } = this.#batches.pop()!;
    this.#numbers.delete(hash);
    for (const item of items) {
      const places = this.#places.get(item);
      places?.pop();
      if (places?.length === 0) this.#places.delete(item);
    }
  }
}
