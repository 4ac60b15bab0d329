import { Level } from 'level';
import { QueueError } from '../../src/errors/queue.js';
import type { Delivery, Offer } from './delivery.js';
import type { Engine } from './engine.js';
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
  readonly #store: Store;
  readonly #jobs: Map<string, StoredJob>;
  readonly #listeners = new Set<(id: string | undefined) => void>();
  readonly #offers = new Map<string, Offer>();
  readonly #held = new Set<string>();
  readonly #deliverers = new Set<() => void>();
  #writing: Promise<unknown> = Promise.resolve();
  #wake: NodeJS.Timeout | undefined;
  #failure: QueueError | undefined;

  private constructor(store: Store, jobs: Map<string, StoredJob>) {
    this.#store = store;
    this.#jobs = jobs;
  }

  /** Opens the store at `path`, making it if need be. @throws QueueError `QUEUE_STORE_LOCKED`, `QUEUE_STORE_OPEN` */
  static async open(path: string): Promise<EmbeddedEngine> {
    const store: Store = new Level(path, { valueEncoding: 'json' });
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
      throw new QueueError(
        'QUEUE_STORE_OPEN',
        `Cannot open the job store ${path}: ${reason?.message ?? String(cause)}.`,
        {
          hint: 'Check that the folder is writable and its disk not full.',
          cause,
        },
      );
    }
    return new EmbeddedEngine(store, await jobsIn(store));
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

  async deliver(concurrency: number, handle: (delivery: Delivery) => Promise<void>) {
    const running = new Set<Promise<void>>();
    const take = () => {
      while (running.size < concurrency) {
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
      close: async () => {
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
      else if (best === undefined || before(offer, best)) best = offer;
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
    if (this.#failure !== undefined) throw this.#failure;
    try {
      await this.#store.batch(operationsFor(this.#jobs.get(job.id), job), { sync } as object);
    } catch (cause) {
      this.#failure = writeFailure(this.#store.location, cause);
      this.#tell(undefined);
      throw this.#failure;
    }
    this.#jobs.set(job.id, job);
    this.#tell(job.id);
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

type Store = Level<string, StoredHead | StoredTask>;

/** Keys of a job's head and of its tasks, which follow it in the order of their places. */
const headKey = (id: string) => `job/${id}`;
const taskKey = (id: string, index: number) => `task/${id}/${String(index).padStart(8, '0')}`;

function operationsFor(before: StoredJob | undefined, job: StoredJob) {
  const { head, changed, before: count } = changeOf(before, job);
  const gone = Array.from({ length: Math.max(0, count - head.tasks) }, (_, i) => taskKey(job.id, head.tasks + i));
  return [
    { type: 'put' as const, key: headKey(job.id), value: head as StoredHead | StoredTask },
    ...changed.map(([index, task]) => ({ type: 'put' as const, key: taskKey(job.id, index), value: task })),
    ...gone.map((key) => ({ type: 'del' as const, key })),
  ];
}

/** Every job of a store; one that a damaged disk has left without some of its tasks is none. */
async function jobsIn(store: Store): Promise<Map<string, StoredJob>> {
  const heads: StoredHead[] = [];
  const tasks = new Map<string, (readonly [number, StoredTask])[]>();
  for await (const [key, value] of store.iterator()) {
    const [kind, id, index] = key.split('/');
    if (kind === 'job') heads.push(value as StoredHead);
    else if (kind === 'task') {
      const list = tasks.get(id!) ?? [];
      list.push([Number(index), value as StoredTask]);
      tasks.set(id!, list);
    }
  }
  const jobs = heads.flatMap((head) => jobOf(head, [], tasks.get(head.id) ?? []) ?? []);
  return new Map(jobs.map((job) => [job.id, job]));
}

function writeFailure(path: string, cause: unknown): QueueError {
  const reason = cause instanceof Error ? cause.message : String(cause);
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

function before(a: Offer, b: Offer): boolean {
  return a.priority !== b.priority ? a.priority > b.priority : a.round > b.round;
}
