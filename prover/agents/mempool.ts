import { bigIntMin } from '@ethereumjs/util';
import { type Address, type Hex, keccak256 } from 'viem';
import { byteLength } from '../../src/batch/bytes.js';
import type { Environment } from '../../src/batch/header.js';
import { parseTransaction } from '../../src/batch/transaction.js';
import type { ParsedTx, Rules } from '../../src/batch/types.js';
import { MempoolError, MempoolFullError } from '../../src/errors/mempool.js';
import { StateError } from '../../src/errors/state.js';
import { admissionError } from '../../src/execution/admission.js';
import { type BuiltBatch, buildBatch } from '../../src/execution/build.js';
import { environmentOf } from '../../src/execution/environment-of.js';
import { Simulator } from '../../src/execution/simulator.js';
import type { FlatState } from '../../src/state/flat-state.js';
import { type PooledTransaction, TransactionPool } from './transaction-pool.js';

/** What the mempool follows: an `L2Node`. */
export interface MempoolNode {
  readonly rules: Rules;
  readonly state: Pick<FlatState, 'head' | 'view' | 'batch' | 'batchHash'>;
}

/** Bounds of a mempool, each with a default. */
export interface MempoolLimits {
  /** Transactions in all (4,096). */
  readonly transactions?: number;
  /** Bytes of all transactions (8 MiB). */
  readonly bytes?: number;
  /** A sender's nonces from its nonce in the state on; so many of its transactions wait at most (64). */
  readonly nonces?: number;
  /** For how many batches a transaction may wait (1,000). */
  readonly batches?: number;
  /** How many reasons of dropped transactions are kept (1,024). */
  readonly reasons?: number;
  /** For how many batches executed transactions are kept, so that an L1 reorg does not lose them (64). */
  readonly executed?: number;
}

const DEFAULTS: Required<MempoolLimits> = {
  transactions: 4_096,
  bytes: 8 * 2 ** 20,
  nonces: 64,
  batches: 1_000,
  reasons: 1_024,
  executed: 64,
};

/** A batch that the mempool has seen, with those of its transactions that were executed in it. */
interface SeenBatch {
  readonly number: bigint;
  readonly hash: Hex;
  readonly executed: readonly PooledTransaction[];
}

/**
 * A sequencer's waiting transactions. It follows its node by itself: before it answers, it drops what newer batches executed
 * or overtook, and takes back what an L1 reorg took out of the chain. It is in memory only; who keeps it beyond the process is asked before a
 * transaction counts as taken.
 */
export class Mempool {
  readonly #node: MempoolNode;
  readonly #limits: Required<MempoolLimits>;
  readonly #keep: (raw: Hex) => Promise<void>;
  readonly #pool = new TransactionPool();
  /** Why transactions were dropped, the oldest first. */
  readonly #reasons = new Map<Hex, string>();
  /** The newest batches, ascending. */
  readonly #seen: SeenBatch[] = [];
  /** The senders' nonces in the pool are older than the newest batch seen. */
  #stale = false;
  /** Admissions and catching up run one after another. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(node: MempoolNode, limits: MempoolLimits = {}, keep: (raw: Hex) => Promise<void> = async () => {}) {
    this.#node = node;
    this.#keep = keep;
    this.#limits = { ...DEFAULTS, ...limits };
  }

  /** How many transactions wait. */
  get size(): number {
    return this.#pool.size;
  }

  /**
   * Admits a transaction; one that waits already is admitted again without effect.
   * @param raw even-length hex
   * @returns its hash
   * @throws ExecutionError `EXECUTION_TX_*` (see {@link admissionError}); MempoolFullError `MEMPOOL_FULL`; MempoolError
   * `MEMPOOL_UNDERPRICED` (its sender's transaction with the same nonce pays too much to be replaced), `MEMPOOL_NONCE_TOO_FAR`; what
   * `keep` throws
   */
  add(raw: Hex): Promise<Hex> {
    return this.#queue(async () => {
      try {
        return await this.#admit(raw);
      } catch (error) {
        // The sequencer has taken a batch back meanwhile.
        if (error instanceof StateError && error.code === 'STATE_REVERTED') return this.#admit(raw);
        throw error;
      }
    });
  }

  async #admit(raw: Hex): Promise<Hex> {
    await this.#catchUp();
    const hash = keccak256(raw);
    if (this.#pool.get(hash) !== undefined) return hash;
    const { rules, state } = this.#node;
    const view = state.view();
    const simulator = async () =>
      Simulator.create(view, await environmentOf(state, state.head, rules), rules, (number) => state.batchHash(number));
    const error = await admissionError(raw, view, rules, simulator);
    if (error !== undefined) throw error;
    const tx = parseTransaction(raw, rules) as ParsedTx; // what is admitted is not bad
    const { nonce } = await view.account(tx.sender);
    const replaced = this.#checkRoom(raw, tx, nonce);
    await this.#keep(raw);
    this.#pool.put({ raw, hash, tx, since: state.head }, nonce);
    this.#reasons.delete(hash);
    if (replaced !== undefined) this.#note(replaced.hash, `it was replaced by ${hash}, which pays a higher tip`);
    return hash;
  }

  /**
   * Makes the next batch of what waits. What it takes waits until the node has applied it; what it has no room for waits on;
   * what it refuses is dropped.
   * @param environment of the batch after the node's head
   */
  async build(environment: Environment): Promise<BuiltBatch> {
    await this.refresh();
    const { rules, state } = this.#node;
    // Twice what fits, so that some may be refused; the rest would only be parsed for nothing.
    const candidates = this.#pool.ordered(2 * rules.maxItems).map(({ raw }) => raw);
    const ancestors = (number: bigint) => state.batchHash(number);
    const built = await buildBatch(state.view(), rules, candidates, environment, ancestors);
    for (const { raw, reason } of built.refused) this.#drop(keccak256(raw), reason);
    return built;
  }

  /** Takes the node's newest batches into account; every other method does so itself. */
  refresh(): Promise<void> {
    return this.#queue(() => this.#catchUp());
  }

  /** A waiting transaction. */
  async find(hash: Hex): Promise<PooledTransaction | undefined> {
    await this.refresh();
    return this.#pool.get(hash);
  }

  /** Why a transaction was dropped, in words, as long as that is known. */
  async reasonDropped(hash: Hex): Promise<string | undefined> {
    await this.refresh();
    return this.#reasons.get(hash);
  }

  /** Forgets a waiting transaction, e.g. one whose batch could not be proven. */
  drop(hash: Hex, reason: string): Promise<void> {
    return this.#queue(async () => this.#drop(hash, reason));
  }

  /** The sender's next nonce, after its waiting transactions. */
  async nextNonce(sender: Address): Promise<bigint> {
    await this.refresh();
    const { nonce } = await this.#node.state.view().account(sender);
    return this.#pool.nextNonce(sender, nonce);
  }

  /**
   * Wei per gas of tip with which a new sender's transaction comes before the last of the next batch: 0 as long as fewer wait
   * than a batch may have. Large transactions may fill a batch earlier.
   */
  async sufficientTip(): Promise<bigint> {
    await this.refresh();
    const { maxItems } = this.#node.rules;
    const next = this.#pool.ordered(maxItems).map(({ tx }) => tx.tip);
    return next.length < maxItems ? 0n : bigIntMin(...next) + 1n;
  }

  /** The transaction that `tx` replaces; throws when there is no room for it. */
  #checkRoom(raw: Hex, tx: ParsedTx, nonce: bigint): PooledTransaction | undefined {
    const { transactions, bytes, nonces } = this.#limits;
    if (tx.nonce >= nonce + BigInt(nonces)) {
      const message = `Nonce ${tx.nonce} is too far ahead: ${tx.sender} is at ${nonce}, and ${nonces} may wait.`;
      throw new MempoolError('MEMPOOL_NONCE_TOO_FAR', message, { hint: 'Send the transactions before it first.' });
    }
    const replaced = this.#pool.at(tx.sender, tx.nonce);
    if (replaced !== undefined && (tx.tip <= replaced.tx.tip || 10n * tx.tip < 11n * replaced.tx.tip)) {
      const message = `replacement transaction underpriced: its tip is ${tx.tip} wei per gas, and ${replaced.hash} with the same nonce pays ${replaced.tx.tip}.`;
      throw new MempoolError('MEMPOOL_UNDERPRICED', message, { hint: 'Pay at least 10% more.' });
    }
    const size = this.#pool.size + (replaced === undefined ? 1 : 0);
    const used = this.#pool.bytes + byteLength(raw) - (replaced === undefined ? 0 : byteLength(replaced.raw));
    if (size > transactions || used > bytes) {
      const message = `The mempool is full: it holds ${this.#pool.size} of ${transactions} transactions and ${this.#pool.bytes} of ${bytes} bytes.`;
      throw new MempoolFullError('MEMPOOL_FULL', message, { hint: 'Send it again after the next batch.' });
    }
    return replaced;
  }

  async #catchUp(): Promise<void> {
    const { state } = this.#node;
    await this.#takeBack();
    this.#seen[0] ??= { number: state.head, hash: await state.batchHash(state.head), executed: [] };
    for (let number = this.#seen.at(-1)!.number + 1n; number <= state.head; number++) {
      const { batch, batchHash, results } = await state.batch(number);
      const executed = batch.txs
        .filter((_, i) => results[i]?.kind === 'executed')
        .map((raw) => this.#pool.remove(keccak256(raw)))
        .filter((entry) => entry !== undefined);
      this.#seen.push({ number, hash: batchHash, executed });
      if (this.#seen.length > this.#limits.executed) this.#seen.shift();
      this.#stale = true;
    }
    if (this.#stale) await this.#advance();
  }

  /** Forgets the batches that are no longer in the chain; what they executed waits again. */
  async #takeBack(): Promise<void> {
    const { state } = this.#node;
    for (let last = this.#seen.at(-1); last !== undefined; last = this.#seen.at(-1)) {
      if (last.number <= state.head && (await state.batchHash(last.number)) === last.hash) return;
      this.#seen.pop();
      this.#stale = true;
      for (const entry of last.executed) {
        const { sender, nonce } = entry.tx;
        if (this.#pool.at(sender, nonce) === undefined) this.#pool.put({ ...entry, since: state.head }, nonce);
      }
    }
  }

  /** Compares the senders with the newest state. */
  async #advance(): Promise<void> {
    const { state } = this.#node;
    const view = state.view();
    for (const sender of this.#pool.senders) {
      const { nonce } = await view.account(sender);
      for (const { hash } of this.#pool.advance(sender, nonce)) {
        this.#note(hash, 'another transaction of its sender with the same nonce was executed');
      }
    }
    const { batches } = this.#limits;
    for (const { hash } of this.#pool.expire(state.head - BigInt(batches))) {
      this.#note(hash, `it waited for ${batches} batches`);
    }
    this.#stale = false;
  }

  #drop(hash: Hex, reason: string): void {
    if (this.#pool.remove(hash) !== undefined) this.#note(hash, reason);
  }

  #note(hash: Hex, reason: string): void {
    this.#reasons.set(hash, reason);
    const [oldest] = this.#reasons.keys();
    if (this.#reasons.size > this.#limits.reasons && oldest !== undefined) this.#reasons.delete(oldest);
  }

  #queue<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#last.then(work, work);
    this.#last = run.catch(() => undefined);
    return run;
  }
}
