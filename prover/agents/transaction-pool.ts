import type { Address, Hex } from 'viem';
import { byteLength } from '../../src/batch/bytes.js';
import type { ParsedTx } from '../../src/batch/types.js';

/** A transaction that waits to be executed. */
export interface PooledTransaction {
  readonly raw: Hex;
  /** keccak of `raw`: its name in JSON-RPC. */
  readonly hash: Hex;
  readonly tx: ParsedTx;
  /** Number of the newest batch when it came. */
  readonly since: bigint;
}

/** The waiting transactions of one sender, and how far the state has come. */
interface Sender {
  /** The account's nonce in the state. */
  nonce: bigint;
  readonly byNonce: Map<bigint, PooledTransaction>;
}

/**
 * Waiting transactions by sender and nonce; one for each pair. It knows nothing of rules or limits, and it never waits: every
 * method leaves it consistent.
 */
export class TransactionPool {
  readonly #senders = new Map<Address, Sender>();
  /** In the order in which they came. */
  readonly #byHash = new Map<Hex, PooledTransaction>();
  #bytes = 0;

  get size(): number {
    return this.#byHash.size;
  }

  /** Bytes of all transactions. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Senders with a transaction. */
  get senders(): Address[] {
    return [...this.#senders.keys()];
  }

  get(hash: Hex): PooledTransaction | undefined {
    return this.#byHash.get(hash);
  }

  /** The transaction that stands at a sender's nonce. */
  at(sender: Address, nonce: bigint): PooledTransaction | undefined {
    return this.#senders.get(sender)?.byNonce.get(nonce);
  }

  /**
   * Adds a transaction, in place of the one that stands at its sender's nonce.
   * @param nonce its sender's nonce in the state
   */
  put(entry: PooledTransaction, nonce: bigint): void {
    const { sender, nonce: at } = entry.tx;
    const replaced = this.at(sender, at);
    if (replaced !== undefined) this.remove(replaced.hash);
    const bucket = this.#senders.get(sender) ?? { nonce, byNonce: new Map() };
    bucket.nonce = nonce;
    bucket.byNonce.set(at, entry);
    this.#senders.set(sender, bucket);
    this.#byHash.set(entry.hash, entry);
    this.#bytes += byteLength(entry.raw);
  }

  remove(hash: Hex): PooledTransaction | undefined {
    const entry = this.#byHash.get(hash);
    if (entry === undefined) return undefined;
    const { sender, nonce } = entry.tx;
    const bucket = this.#senders.get(sender);
    bucket?.byNonce.delete(nonce);
    if (bucket?.byNonce.size === 0) this.#senders.delete(sender);
    this.#byHash.delete(hash);
    this.#bytes -= byteLength(entry.raw);
    return entry;
  }

  /** Takes note of a sender's nonce in the state, and takes out what can no longer be executed. */
  advance(sender: Address, nonce: bigint): PooledTransaction[] {
    const bucket = this.#senders.get(sender);
    if (bucket === undefined) return [];
    bucket.nonce = nonce;
    const passed = [...bucket.byNonce.values()].filter(({ tx }) => tx.nonce < nonce);
    for (const { hash } of passed) this.remove(hash);
    return passed;
  }

  /** Takes out what came before batch `number`. */
  expire(number: bigint): PooledTransaction[] {
    const old = [...this.#byHash.values()].filter(({ since }) => since < number);
    for (const { hash } of old) this.remove(hash);
    return old;
  }

  /** The first nonce from `nonce` on at which no transaction of the sender stands. */
  nextNonce(sender: Address, nonce: bigint): bigint {
    let next = nonce;
    while (this.at(sender, next) !== undefined) next++;
    return next;
  }

  /**
   * At most `limit` transactions that can be executed one after another: each sender's by nonce without a gap, among the
   * senders the highest tip first, among equal tips the one that came first.
   */
  ordered(limit: number): PooledTransaction[] {
    const arrival = new Map([...this.#byHash.keys()].map((hash, i) => [hash, i]));
    const precedes = (a: PooledTransaction, b: PooledTransaction) =>
      a.tx.tip > b.tx.tip || (a.tx.tip === b.tx.tip && arrival.get(a.hash)! < arrival.get(b.hash)!);
    const heads = new Map<Address, PooledTransaction>();
    for (const [sender, { nonce, byNonce }] of this.#senders) {
      const first = byNonce.get(nonce);
      if (first !== undefined) heads.set(sender, first);
    }
    const order: PooledTransaction[] = [];
    while (heads.size > 0 && order.length < limit) {
      let best: PooledTransaction | undefined;
      for (const head of heads.values()) if (best === undefined || precedes(head, best)) best = head;
      const { sender, nonce } = best!.tx;
      order.push(best!);
      const next = this.at(sender, nonce + 1n);
      if (next === undefined) heads.delete(sender);
      else heads.set(sender, next);
    }
    return order;
  }
}
