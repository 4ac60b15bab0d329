import type { Hex } from 'viem';
import type { FlatState } from '../../src/state/flat-state.js';
import type { BatchRecord } from '../../src/state/record.js';
import { executedOf } from './executed.js';
import { Journal } from './journal.js';
import { type LogJson, logsOf } from './logs.js';

/** A batch that came, or one that an L1 reorg took back. */
export interface ChainEvent {
  readonly kind: 'added' | 'removed';
  readonly number: bigint;
  readonly hash: Hex;
  readonly logs: readonly LogJson[];
}

/** Batches that can be told as taken back. */
const DEPTH = 64;
/** Batches that are read at once; who was not told of more has to begin anew. */
const MOST_BEHIND = 1_000n;
/** Bytes of all that is remembered, about. */
const MOST = 32 * 2 ** 20;

/** What happens to the chain, from when somebody first asks on. It moves when it is asked. */
export class ChainFeed {
  readonly #state: Pick<FlatState, 'head' | 'batch' | 'batchHash'>;
  readonly #journal = new Journal<ChainEvent>(MOST, weightOf);
  /** The newest batches, ascending. */
  readonly #recent: ChainEvent[] = [];
  /** The newest batch that is in the journal, or was the head at the beginning. */
  #at: { readonly number: bigint; readonly hash: Hex } | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(state: Pick<FlatState, 'head' | 'batch' | 'batchHash'>) {
    this.#state = state;
  }

  /** Where one who reads from now on begins. */
  async next(): Promise<number> {
    await this.#follow();
    return this.#journal.next;
  }

  /** What happened from entry `from` on, and where to go on; undefined when that is no longer known. */
  async since(from: number): Promise<{ events: readonly ChainEvent[]; next: number } | undefined> {
    await this.#follow();
    const events = this.#journal.since(from);
    return events === undefined ? undefined : { events, next: from + events.length };
  }

  #follow(): Promise<void> {
    const run = this.#last.then(() => this.#catchUp());
    this.#last = run.catch(() => undefined);
    return run;
  }

  async #catchUp(): Promise<void> {
    const state = this.#state;
    this.#at ??= { number: state.head, hash: await state.batchHash(state.head) };
    while (this.#at.number > state.head || (await state.batchHash(this.#at.number)) !== this.#at.hash) {
      await this.#takeBack(this.#at.number);
    }
    if (state.head - this.#at.number > MOST_BEHIND) {
      this.#journal.skip();
      this.#recent.length = 0;
      this.#at = { number: state.head, hash: await state.batchHash(state.head) };
    }
    for (let number = this.#at.number + 1n; number <= state.head; number++) {
      const record = await state.batch(number);
      const event = eventOf(record);
      this.#journal.append(event);
      this.#recent.push(event);
      if (this.#recent.length > DEPTH) this.#recent.shift();
      this.#at = event;
    }
  }

  async #takeBack(number: bigint): Promise<void> {
    const gone = this.#recent.pop();
    if (gone !== undefined) {
      const logs = gone.logs.map((log) => ({ ...log, removed: true }));
      this.#journal.append({ ...gone, kind: 'removed', logs });
    }
    const before = this.#recent.at(-1);
    const below = number - 1n < this.#state.head ? number - 1n : this.#state.head;
    this.#at = before ?? { number: below, hash: await this.#state.batchHash(below) };
  }
}

function eventOf(record: BatchRecord): ChainEvent {
  const logs = executedOf(record).flatMap((executed) => logsOf(record, executed));
  return { kind: 'added', number: record.batch.header.number, hash: record.batchHash, logs };
}

/** In bytes, about: a log has its place, its topics and its data. */
function weightOf({ logs }: ChainEvent): number {
  return logs.reduce((sum, { data }) => sum + 1_024 + data.length, 1_024);
}
