import { createHash } from 'node:crypto';
import { Level } from 'level';
import { messageOf } from '../../src/errors/base.js';
import { QueueError } from '../../src/errors/queue.js';
import { isCorruption } from '../../src/state/store.js';
import type { Delivery, Offer } from './delivery.js';
import type { Deliveries, Engine } from './engine.js';
import { goesBefore } from './rank.js';
import type { StoredJob, StoredTask } from './record.js';
import { changeOf, jobOf, type StoredHead } from './stored.js';

const idOf = ({ job, run, task, number }: Delivery) => `${job}-${run}-${task}-${number}`;

/**
 * Jobs in a Level store that one process holds; tasks go to that process's own workers. The store is the journal: every
 * change is written (synced unless it is mere progress) before anybody acts on it, so a killed process loses nothing that
 * finished. Who holds a delivery is known in memory only: after a restart nobody does. After a failed write (the disk is full)
 * nothing is read or written until the store is opened again: it may have left half a record in the log, behind which LevelDB
 * would drop what it accepts now.
 */
export class EmbeddedEngine implements Engine {
  readonly patienceMs = Number.POSITIVE_INFINITY;
  /** Ids of stored jobs that could not be read and so are none. */
  readonly damaged: readonly string[];
  readonly #store: Store;
  readonly #jobs: Map<string, StoredJob>;
  readonly #listeners = new Set<(id: string | undefined) => void>();
  readonly #offers = new Map<string, Offer>();
  readonly #held = new Set<string>();
  readonly #deliverers = new Set<() => void>();
  #writing: Promise<unknown> = Promise.resolve();
  #wake: NodeJS.Timeout | undefined;
  #failure: QueueError | undefined;

  private constructor(store: Store, jobs: Map<string, StoredJob>, damaged: readonly string[]) {
    this.damaged = damaged;
    this.#store = store;
    this.#jobs = jobs;
  }

  /** Opens the store at `path`, making it if need be. @throws QueueError `QUEUE_STORE_LOCKED`, `QUEUE_STORE_DAMAGED`, `QUEUE_STORE_OPEN` */
  static async open(path: string): Promise<EmbeddedEngine> {
    const store: Store = new Level(path);
    try {
      await store.open();
    } catch (cause) {
      const reason = (cause as { cause?: { code?: string; message?: string } }).cause;
      if (reason?.code === 'LEVEL_LOCKED') {
        throw new QueueError('QUEUE_STORE_LOCKED', `Another process holds the job store ${path}.`, {
          hint: 'Ask that process, or use Redis (--redis URL) for several processes.',
          retryable: true,
          cause,
        });
      }
      if (isCorruption(cause)) throw storeDamaged(path, cause);
      throw new QueueError(
        'QUEUE_STORE_OPEN',
        `Cannot open the job store ${path}: ${reason?.message ?? String(cause)}.`,
        {
          hint: 'Check that the folder is writable and its disk not full.',
          cause,
        },
      );
    }
    try {
      const { jobs, damaged } = await jobsIn(store);
      return new EmbeddedEngine(store, jobs, damaged);
    } catch (cause) {
      await store.close();
      throw isCorruption(cause) ? storeDamaged(path, cause) : cause;
    }
  }

  /** @throws QueueError `QUEUE_STORE_WRITE` after a failed write, so that nobody waits for what cannot come */
  async read(id: string): Promise<StoredJob | undefined> {
    if (this.#failure !== undefined) throw this.#failure;
    return this.#jobs.get(id);
  }

  async readAll(which: 'all' | 'open'): Promise<StoredJob[]> {
    return [...this.#jobs.values()].filter((job) => which === 'all' || job.status === 'open');
  }

  insert(job: StoredJob): Promise<boolean> {
    return this.#exclusive(async () => {
      if (this.#jobs.has(job.id)) return false;
      await this.#write(job, true);
      return true;
    });
  }

  update(id: string, change: (job: StoredJob) => StoredJob | undefined): Promise<StoredJob | undefined> {
    return this.#exclusive(async () => {
      const job = this.#jobs.get(id);
      const changed = job === undefined ? undefined : change(job);
      if (job === undefined || changed === undefined) return job;
      const progressOnly =
        job.status === changed.status && job.tasks.every((task, i) => task.state === changed.tasks[i]?.state);
      await this.#write(changed, !progressOnly);
      return changed;
    });
  }

  remove(id: string): Promise<void> {
    return this.#exclusive(async () => {
      const job = this.#jobs.get(id);
      if (job === undefined) return;
      const keys = [headKey(id), ...job.tasks.map((_, index) => taskKey(id, index))];
      await this.#commit(
        keys.map((key) => ({ type: 'del' as const, key })),
        true,
      );
      this.#jobs.delete(id);
    });
  }

  async offer(offers: readonly Offer[]): Promise<void> {
    for (const offer of offers) {
      const id = idOf(offer);
      if (!this.#held.has(id)) this.#offers.set(id, offer);
    }
    this.#deliver();
  }

  async held(deliveries: readonly Delivery[]): Promise<boolean[]> {
    return deliveries.map((delivery) => this.#held.has(idOf(delivery)));
  }

  async deliver(concurrency: number, handle: (delivery: Delivery) => Promise<void>): Promise<Deliveries> {
    const running = new Set<Promise<void>>();
    let resume: NodeJS.Timeout | undefined;
    const take = () => {
      while (resume === undefined && running.size < concurrency) {
        const offer = this.#take();
        if (offer === undefined) return;
        const done: Promise<void> = handle(offer)
          .catch(() => undefined) // told by the worker
          .finally(() => {
            running.delete(done);
            this.#held.delete(idOf(offer));
            this.#deliver();
          });
        running.add(done);
      }
    };
    this.#deliverers.add(take);
    take();
    return {
      pause: async (ms) => {
        clearTimeout(resume);
        resume = setTimeout(() => {
          resume = undefined;
          take();
        }, ms);
      },
      close: async () => {
        clearTimeout(resume);
        this.#deliverers.delete(take);
        while (running.size > 0) await Promise.all(running);
      },
    };
  }

  subscribe(listener: (id: string | undefined) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    clearTimeout(this.#wake);
    this.#deliverers.clear();
    await this.#writing;
    await this.#store.close();
  }

  #deliver(): void {
    for (const take of this.#deliverers) take();
  }

  /** The offer whose turn it is; a timer is set for offers whose time has not come. */
  #take(): Offer | undefined {
    const now = Date.now();
    clearTimeout(this.#wake);
    let best: Offer | undefined;
    let next = Number.POSITIVE_INFINITY;
    // In the order of arrival, so that the first of equals wins.
    for (const offer of this.#offers.values()) {
      if (offer.notBefore > now) next = Math.min(next, offer.notBefore);
      else if (best === undefined || goesBefore(offer, best)) best = offer;
    }
    if (best !== undefined) {
      this.#offers.delete(idOf(best));
      this.#held.add(idOf(best));
    } else if (next < Number.POSITIVE_INFINITY) {
      this.#wake = setTimeout(() => this.#deliver(), next - now);
    }
    return best;
  }

  async #write(job: StoredJob, sync: boolean): Promise<void> {
    await this.#commit(operationsFor(this.#jobs.get(job.id), job), sync);
    this.#jobs.set(job.id, job);
    this.#tell(job.id);
  }

  async #commit(operations: readonly Operation[], sync: boolean): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      await this.#store.batch([...operations], { sync } as object);
    } catch (cause) {
      this.#failure = writeFailure(this.#store.location, cause);
      this.#tell(undefined);
      throw this.#failure;
    }
  }

  #tell(id: string | undefined): void {
    for (const listener of [...this.#listeners]) listener(id);
  }

  #exclusive<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#writing.then(work);
    this.#writing = done.catch(() => undefined);
    return done;
  }
}

type Store = Level<string, string>;
type Operation = { type: 'put'; key: string; value: string } | { type: 'del'; key: string };

/** Keys of a job's head and of its tasks, which follow it in the order of their places. */
const headKey = (id: string) => `job/${id}`;
const taskKey = (id: string, index: number) => `task/${id}/${String(index).padStart(8, '0')}`;

function operationsFor(before: StoredJob | undefined, job: StoredJob): Operation[] {
  const put = (key: string, value: StoredHead | StoredTask) => ({
    type: 'put' as const,
    key,
    value: checked(key, value),
  });
  const { head, changed, before: count } = changeOf(before, job);
  const gone = Array.from({ length: Math.max(0, count - head.tasks) }, (_, i) => taskKey(job.id, head.tasks + i));
  return [
    put(headKey(job.id), head),
    ...changed.map(([index, task]) => put(taskKey(job.id, index), task)),
    ...gone.map((key) => ({ type: 'del' as const, key })),
  ];
}

/** The beginning of a value's hash, which covers its key, and the value: LevelDB does not check what it reads. */
function checked(key: string, value: StoredHead | StoredTask): string {
  const text = JSON.stringify(value);
  return `${hashOf(key, text)} ${text}`;
}

/** The inverse; undefined for what is not as it was written. */
function readChecked(key: string, stored: string): unknown {
  const text = stored.slice(17);
  return stored.slice(0, 16) === hashOf(key, text) ? JSON.parse(text) : undefined;
}

const hashOf = (key: string, text: string) => createHash('sha256').update(`${key} ${text}`).digest('hex').slice(0, 16);

/** Every job of a store, and the ids of those that a damaged disk has left without their head or some of their tasks. */
async function jobsIn(store: Store): Promise<{ jobs: Map<string, StoredJob>; damaged: string[] }> {
  const heads = new Map<string, StoredHead>();
  const tasks = new Map<string, (readonly [number, StoredTask])[]>();
  const ids = new Set<string>();
  for await (const [key, stored] of store.iterator()) {
    const [kind, id = '', index] = key.split('/');
    ids.add(id);
    const value = readChecked(key, stored);
    if (value === undefined) continue;
    if (kind === 'job') heads.set(id, value as StoredHead);
    else {
      const list = tasks.get(id) ?? [];
      list.push([Number(index), value as StoredTask]);
      tasks.set(id, list);
    }
  }
  const jobs = [...heads].flatMap(([id, head]) => jobOf(head, [], tasks.get(id) ?? []) ?? []);
  const whole = new Map(jobs.map((job) => [job.id, job]));
  return { jobs: whole, damaged: [...ids].filter((id) => !whole.has(id)) };
}

function storeDamaged(path: string, cause: unknown): QueueError {
  return new QueueError('QUEUE_STORE_DAMAGED', `The job store ${path} is damaged: ${reasonOf(cause)}.`, {
    hint: 'Remove that folder and ask for the proofs again: what was computed is kept in the artifacts beside it.',
    cause,
  });
}

function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: unknown };
  return cause instanceof Error ? cause.message : String(error);
}

function writeFailure(path: string, cause: unknown): QueueError {
  const reason = messageOf(cause);
  return new QueueError(
    'QUEUE_STORE_WRITE',
    `Cannot write the job store ${path}: ${reason}. What was stored is kept.`,
    {
      hint: 'Make room on its disk and run the same command again.',
      retryable: true,
      cause,
    },
  );
}
