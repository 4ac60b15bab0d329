import type { Hex } from 'viem';
import { RPC_CODE, RpcError } from '../../src/errors/rpc.js';
import type { ChainEvent } from './chain-feed.js';
import type { RpcContext, Session, Topic } from './context.js';
import { headJson, transactionJson } from './encode.js';
import { randomId } from './journal.js';
import { selected } from './logs.js';

/** Milliseconds between looks for something new, while anybody is subscribed. */
const LOOK = 100;
/** Subscriptions of one connection. */
const MOST = 64;

/** Tells a connection something; `result` is what `eth_subscription` carries. */
export type Tell = (subscription: Hex, result: unknown) => void;

/** The subscriptions of one connection. */
class Subscriber implements Session {
  readonly topics = new Map<Hex, Topic>();
  readonly tell: Tell;
  readonly #begin: () => Promise<void>;
  /** Subscriptions that are about to begin. */
  #beginning = 0;

  constructor(tell: Tell, begin: () => Promise<void>) {
    this.tell = tell;
    this.#begin = begin;
  }

  async subscribe(topic: Topic): Promise<Hex> {
    if (this.topics.size + this.#beginning >= MOST) {
      const message = `This connection has ${MOST} subscriptions.`;
      throw new RpcError(RPC_CODE.limit, 'RPC_SUBSCRIPTION', message, { hint: 'End one first.' });
    }
    this.#beginning++;
    try {
      await this.#begin();
    } catch (error) {
      this.#beginning--;
      throw error;
    }
    const id = randomId();
    // Its name is to be known before it is used.
    setImmediate(() => {
      this.#beginning--;
      this.topics.set(id, topic);
    });
    return id;
  }

  unsubscribe(id: Hex): boolean {
    return this.topics.delete(id);
  }
}

/** Tells connections what is new: heads, events of contracts, transactions. */
export class Subscriptions {
  readonly #context: RpcContext;
  readonly #onError: (error: unknown) => void;
  readonly #subscribers = new Set<Subscriber>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  /** From where in the journals nobody has been told. */
  #chain: number | undefined;
  #pending = 0;

  /** @param onError hears what made a look fail; the next one goes on */
  constructor(context: RpcContext, onError: (error: unknown) => void) {
    this.#context = context;
    this.#onError = onError;
  }

  /** A connection's own; `remove` it when it ends. */
  add(tell: Tell): { readonly session: Session; readonly remove: () => void } {
    const session = new Subscriber(tell, () => this.#begin());
    this.#subscribers.add(session);
    const remove = () => {
      this.#subscribers.delete(session);
      if (this.#subscribers.size === 0) this.#end();
    };
    return { session, remove };
  }

  /** Tells nobody anything any more. */
  async close(): Promise<void> {
    this.#subscribers.clear();
    this.#end();
    await this.#looking;
  }

  async #begin(): Promise<void> {
    if (this.#timer !== undefined) return;
    this.#timer = setInterval(() => this.#look(), LOOK);
    this.#pending = this.#context.pending.next;
    this.#chain = await this.#context.feed.next();
  }

  #end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#chain = undefined;
  }

  #look(): void {
    this.#looking ??= this.#tellNews()
      .catch(this.#onError)
      .finally(() => {
        this.#looking = undefined;
      });
  }

  async #tellNews(): Promise<void> {
    const { pending, feed, rules } = this.#context;
    for (const { hash, raw } of pending.since(this.#pending) ?? []) {
      this.#tell('newPendingTransactions', ({ whole }) => [whole ? transactionJson(raw, rules) : hash]);
    }
    this.#pending = pending.next;
    this.#chain ??= await feed.next();
    const news = await feed.since(this.#chain);
    this.#chain = news?.next ?? (await feed.next());
    for (const event of news?.events ?? []) await this.#tellBatch(event);
  }

  async #tellBatch(event: ChainEvent): Promise<void> {
    if (event.kind === 'added') {
      const head = await this.#head(event);
      if (head !== undefined) this.#tell('newHeads', () => [head]);
    }
    this.#tell('logs', ({ criteria }) => selected(event.logs, criteria));
  }

  /** Undefined where the batch is taken back already. */
  async #head({ number, hash }: ChainEvent) {
    const { state, rules, roots } = this.#context;
    if (number > state.head || (await state.batchHash(number)) !== hash) return undefined;
    return headJson(await state.batch(number), rules, roots);
  }

  #tell<K extends Topic['kind']>(kind: K, results: (topic: Extract<Topic, { kind: K }>) => readonly unknown[]): void {
    for (const { topics, tell } of this.#subscribers) {
      for (const [id, topic] of topics) {
        if (topic.kind !== kind) continue;
        for (const result of results(topic as Extract<Topic, { kind: K }>)) tell(id, result);
      }
    }
  }
}
