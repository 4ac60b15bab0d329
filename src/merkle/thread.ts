import type { Worker } from 'node:worker_threads';
import type { Hex } from 'viem';
import type { DiffItem } from '../batch/diff.js';
import type { AccountAccess } from '../batch/types.js';
import { moduleThread } from '../build/module-thread.js';
import {
  type DeltaproofError,
  type DeltaproofErrorOptions,
  type SerializedError,
  serializeError,
} from '../errors/base.js';
import { ForeignError } from '../errors/queue.js';
import { StateError, StateUnavailableError } from '../errors/state.js';
import { TrieError, TrieUnavailableError } from '../errors/trie.js';
import type { TrieNode } from '../trie/node.js';
import type { GenesisAccount, StorageAccess } from '../trie/state.js';
import { closedError } from './local.js';
import type { Answer, ClonedAccount, Method, Request, ThreadData } from './messages.js';
import type { Base, Merkleiser, Prepared } from './types.js';

/** Accounts and slots that are sent to a build at once. */
const CHUNK = 2_000;

interface Pending {
  resolve(result: unknown): void;
  reject(error: unknown): void;
  /** A build's accounts. */
  readonly accounts?: AsyncIterator<GenesisAccount>;
}

/** One life of the thread. */
interface Thread {
  readonly worker: Worker;
  readonly pending: Map<number, Pending>;
  readonly released: Int32Array<SharedArrayBuffer>;
  prepares: number;
  /** What an 'error' event said. */
  reason?: unknown;
}

/**
 * Keeps the tries in a thread of its own, with other threads that only hash. When that thread dies, pending calls fail with
 * `TRIE_WORKER_DIED`, prepared states are lost, and the next call starts another on the same folder.
 */
export class ThreadMerkleiser implements Merkleiser {
  readonly #folder: string;
  readonly #hashThreads: number;
  readonly #start: typeof moduleThread;
  #thread: Thread | undefined;
  /** What the thread answers for the stored states, until they change: whoever asks beside execution does not wait for a turn. */
  #names: Promise<readonly Hex[]> | undefined;
  #nextId = 1;
  #lastTicket = 0;
  #closed = false;

  /**
   * @param workers threads, at least one: the one that keeps the tries, and others that hash
   * @param start starts a module as a thread; tests replace it to end threads
   */
  constructor(folder: string, workers: number, start: typeof moduleThread = moduleThread) {
    this.#folder = folder;
    this.#start = start;
    this.#hashThreads = workers - 1;
  }

  names(): Promise<readonly Hex[]> {
    if (this.#names === undefined) {
      const names = this.#call<readonly Hex[]>('names').catch((error: unknown) => {
        if (this.#names === names) this.#names = undefined;
        throw error;
      });
      this.#names = names;
    }
    return this.#names;
  }

  rootOf(name: Hex): Promise<bigint | undefined> {
    return this.#call('rootOf', name);
  }

  build(name: Hex, accounts: AsyncIterable<GenesisAccount>): Promise<bigint> {
    return this.#changing(this.#request((id) => ({ id, method: 'build', name }), accounts[Symbol.asyncIterator]()));
  }

  async prepare(from: Base, diff: readonly DiffItem[], alone = false): Promise<Prepared> {
    const start = performance.now();
    const prepared = await this.#call<Prepared>('prepare', from, diff, alone);
    this.#lastTicket = Math.max(this.#lastTicket, prepared.ticket);
    return { ...prepared, ms: performance.now() - start };
  }

  release(): void {
    if (this.#thread === undefined) return;
    const { released, prepares } = this.#thread;
    Atomics.store(released, 0, prepares);
    Atomics.notify(released, 0);
  }

  commit(ticket: number, name: Hex, replace = false): Promise<void> {
    return this.#changing(this.#call('commit', ticket, name, replace));
  }

  drop(ticket: number): Promise<void> {
    return this.#call('drop', ticket);
  }

  nodesAround(from: Base, accesses: readonly AccountAccess[], slots?: StorageAccess): Promise<Map<bigint, TrieNode>> {
    return this.#call('nodesAround', from, accesses, slots);
  }

  rollback(name: Hex): Promise<void> {
    return this.#changing(this.#call('rollback', name));
  }

  prune(keep: number): Promise<void> {
    return this.#changing(this.#call('prune', keep));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.release();
    const thread = this.#thread;
    if (thread === undefined) {
      this.#closed = true;
      this.#names = undefined;
      return;
    }
    const exit = new Promise((resolve) => thread.worker.once('exit', resolve));
    const done = this.#request((id) => ({ id, method: 'close' }));
    this.#closed = true;
    this.#names = undefined;
    // A thread that dies meanwhile is closed as well.
    await Promise.race([done, exit]).catch(() => undefined);
    thread.worker.ref();
    await exit;
  }

  /** After what may change the stored states they are asked for anew, in the same go. */
  #changing<T>(change: Promise<T>): Promise<T> {
    this.#names = undefined;
    this.names().catch(() => undefined);
    return change;
  }

  #call<T>(method: Method, ...args: readonly unknown[]): Promise<T> {
    return this.#request((id) => ({ id, method, args }));
  }

  #request<T>(of: (id: number) => Request, accounts?: AsyncIterator<GenesisAccount>): Promise<T> {
    if (this.#closed) return Promise.reject(closedError());
    const thread = this.#live();
    const request = of(this.#nextId++);
    return new Promise<T>((resolve, reject) => {
      const pending: Pending = { resolve: resolve as (result: unknown) => void, reject };
      thread.pending.set(request.id, accounts === undefined ? pending : { ...pending, accounts });
      if (request.method === 'prepare') thread.prepares++;
      thread.worker.ref();
      thread.worker.postMessage(request);
    });
  }

  #live(): Thread {
    if (this.#thread !== undefined) return this.#thread;
    const released = new Int32Array(new SharedArrayBuffer(4));
    const workerData: ThreadData = {
      folder: this.#folder,
      hashThreads: this.#hashThreads,
      firstTicket: this.#lastTicket + 1,
      released,
    };
    const worker = this.#start('src/merkle/thread-main', workerData);
    const thread: Thread = { worker, pending: new Map(), released, prepares: 0 };
    worker.on('message', (answer: Answer) => this.#answered(thread, answer));
    worker.on('error', (error) => {
      thread.reason = error;
    });
    worker.on('exit', (code) => this.#ended(thread, code));
    this.#thread = thread;
    return thread;
  }

  #answered(thread: Thread, answer: Answer): void {
    const { id } = answer;
    const pending = thread.pending.get(id);
    if (pending === undefined) return;
    if ('more' in answer) {
      void this.#sendAccounts(thread, id, pending);
      return;
    }
    thread.pending.delete(id);
    if (thread.pending.size === 0) thread.worker.unref();
    if ('error' in answer) pending.reject(revive(answer.error));
    else pending.resolve(answer.result);
  }

  async #sendAccounts(thread: Thread, id: number, pending: Pending): Promise<void> {
    const accounts: ClonedAccount[] = [];
    const send = (request: Request) => thread.worker.postMessage(request);
    try {
      for (let size = 0; size < CHUNK; ) {
        const next = await pending.accounts!.next();
        if (next.done) break;
        const storage = [...(next.value.storage ?? [])];
        accounts.push({ ...next.value, storage });
        size += 1 + storage.length;
      }
      send({ id, method: 'accounts', accounts });
    } catch (error) {
      // The caller gets what its accounts threw.
      pending.reject(error);
      send({ id, method: 'noAccounts', error: serializeError(error) });
    }
  }

  #ended(thread: Thread, code: number): void {
    if (this.#thread === thread) this.#thread = undefined;
    this.#names = undefined;
    const why = thread.reason === undefined ? `it ended with ${code}` : String(thread.reason);
    for (const { reject } of thread.pending.values()) {
      const hint = 'What was prepared and not stored is lost; the next call starts it again.';
      const message = `The thread that keeps the tries died: ${why}.`;
      reject(new TrieUnavailableError('TRIE_WORKER_DIED', message, { hint, cause: thread.reason }));
    }
    thread.pending.clear();
  }
}

type ErrorClass = new (code: never, message: string, options: DeltaproofErrorOptions) => DeltaproofError;

/** The thread's errors, by name. */
const ERRORS = new Map<string, ErrorClass>(
  Object.entries({ TrieError, TrieUnavailableError, StateError, StateUnavailableError }),
);

/** An error of the thread with its own class and code; of no class that it is known to throw: a {@link ForeignError}. */
function revive(error: SerializedError): DeltaproofError {
  const Known = ERRORS.get(error.name);
  if (Known === undefined) return new ForeignError(error);
  const { code, message, details } = error;
  return new Known(code as never, message, details === undefined ? {} : { details });
}
