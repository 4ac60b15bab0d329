import { randomUUID } from 'node:crypto';
import { IS_SOURCE } from '../../src/build/package-root.js';
import { type SerializedError, serializeError } from '../../src/errors/base.js';
import type { TaskOutput } from '../queue/artifacts.js';
import type { Delivery } from '../queue/delivery.js';
import type { Driver } from '../queue/driver.js';
import type { Deliveries, Engine } from '../queue/engine.js';
import type { QueueEvent, TaskEnd } from '../queue/events.js';
import { isHandedBack } from '../queue/failures.js';
import type { QueueArtifacts } from '../queue/queue-artifacts.js';
import {
  begin,
  deliveredTask,
  fail,
  release,
  report,
  type StoredJob,
  type StoredTask,
  succeed,
} from '../queue/record.js';
import { isRedisTrouble } from '../queue/redis-errors.js';
import type { QueuePolicy, WorkerHandle } from '../queue/types.js';
import type { TaskRunner } from './runner.js';

/** What a worker works with. */
export interface WorkerParts {
  readonly engine: Engine;
  readonly driver: Driver;
  readonly runner: TaskRunner;
  readonly artifacts: QueueArtifacts;
  readonly policy: QueuePolicy;
  /** Told of failures outside of tasks (Redis is away, the disk is full); the worker goes on. */
  readonly warn: (error: unknown) => void;
  /** Told of every task that it is done with. */
  readonly tell: (event: QueueEvent) => void;
}

interface Running {
  readonly delivery: Delivery;
  readonly lease: string;
  readonly abort: AbortController;
}

type Outcome = { readonly output: TaskOutput; readonly known: boolean } | { readonly error: SerializedError };

/** Runs delivered tasks in child processes and stores what becomes of them, as long as it holds their leases. */
export class Worker implements WorkerHandle {
  readonly #parts: WorkerParts;
  readonly #running = new Set<Running>();
  #delivering: Deliveries | undefined;
  /** Tasks handed back one after another, since this machine lacks something. */
  #lacking = 0;
  #unsubscribe: () => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;

  constructor(parts: WorkerParts) {
    this.#parts = parts;
  }

  /** Starts taking tasks, at most `concurrency` at once. */
  async start(concurrency: number): Promise<void> {
    const { engine, policy } = this.#parts;
    this.#unsubscribe = engine.subscribe((id) => void this.#check(id));
    this.#delivering = await engine.deliver(concurrency, (delivery) =>
      this.#handle(delivery).catch((error: unknown) => {
        // The store failed, not the task: the sweep finds it again.
        this.#parts.warn(error);
        throw error;
      }),
    );
    if (this.#closing !== undefined) return this.#delivering.close();
    // From sources a process compiles what it loads, seconds of all cores: one that waits would slow down those that work.
    if (!IS_SOURCE) this.#parts.runner.keep(concurrency);
    this.#timer = setInterval(() => this.#sweep(), policy.sweepMs);
    this.#sweep();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    clearInterval(this.#timer);
    const stopped = this.#delivering?.close();
    for (const { abort } of this.#running) abort.abort();
    await stopped;
    this.#parts.runner.close();
    this.#unsubscribe();
    await this.#sweeping;
  }

  #sweep(): void {
    this.#sweeping = this.#sweeping
      .then(() => (this.#closing === undefined ? this.#parts.driver.sweep() : undefined))
      .then(() => this.#check(undefined))
      .catch(this.#parts.warn);
  }

  /** Ends children whose result nobody wants any more: the job is closed or the lease went to somebody else. */
  async #check(id: string | undefined): Promise<void> {
    for (const { delivery, lease, abort } of this.#running) {
      if (id !== undefined && delivery.job !== id) continue;
      try {
        const job = await this.#parts.engine.read(delivery.job);
        if (deliveredTask(job, delivery)?.lease !== lease) abort.abort();
      } catch (error) {
        // A job that cannot be read is no reason to stop.
        this.#parts.warn(error);
      }
    }
  }

  async #handle(delivery: Delivery): Promise<void> {
    const { engine, driver, policy } = this.#parts;
    if (this.#closing !== undefined) return;
    const lease = randomUUID();
    const job = await engine.update(delivery.job, (current) => begin(current, delivery, lease, Date.now(), policy));
    const task = deliveredTask(job, delivery);
    if (job !== undefined && task?.lease === lease) {
      const running = { delivery, lease, abort: new AbortController() };
      this.#running.add(running);
      try {
        const start = performance.now();
        const outcome = await this.#run(job, task, running);
        const after = await this.#store(delivery, (current) => this.#settle(current, running, outcome));
        this.#report(after ?? job, delivery, outcome, running, (performance.now() - start) / 1_000);
        await this.#pauseIfLacking(outcome, running);
      } finally {
        this.#running.delete(running);
      }
    }
    // Also for a delivery that is over: its worker may have died before it could go on.
    await driver.advance(delivery.job);
  }

  /** Stores what became of a task; while Redis takes nothing it is tried again, since the work is done and the lease is held. */
  async #store(delivery: Delivery, change: (job: StoredJob) => StoredJob | undefined): Promise<StoredJob | undefined> {
    const { engine, policy, warn } = this.#parts;
    for (let pause = policy.backoffMs; ; pause = Math.min(2 * pause, policy.maxBackoffMs)) {
      try {
        return await engine.update(delivery.job, change);
      } catch (error) {
        if (!isRedisTrouble(error) || this.#closing !== undefined) throw error;
        warn(error);
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }

  /** The one line of a task. */
  #report(after: StoredJob, { task: index }: Delivery, outcome: Outcome, { abort }: Running, seconds: number): void {
    const task = after.tasks[index];
    if (task === undefined) return;
    const stage = after.tasks.flatMap((other, i) => (other.stage === task.stage ? [i] : []));
    this.#parts.tell({
      type: 'task',
      ...{ job: after.id, about: after.about, stage: task.stage, number: stage.indexOf(index) + 1, of: stage.length },
      ...{ end: endOf(after, task, outcome, abort.signal.aborted, this.#parts.policy), seconds },
      error: 'error' in outcome && !abort.signal.aborted ? outcome.error : null,
    });
  }

  /** Leaves the tasks to machines that have what this one lacks, the longer the more often it turns out. */
  async #pauseIfLacking(outcome: Outcome, { abort }: Running): Promise<void> {
    const { policy, tell } = this.#parts;
    if (abort.signal.aborted) return;
    if (!('error' in outcome) || !isHandedBack(outcome.error, policy)) {
      this.#lacking = 0;
      return;
    }
    const pause = Math.min(policy.backoffMs * 2 ** ++this.#lacking, policy.maxBackoffMs);
    tell({ type: 'paused', seconds: pause / 1_000, error: outcome.error });
    await this.#delivering?.pause(pause);
  }

  #settle(current: StoredJob, { delivery, lease, abort }: Running, outcome: Outcome): StoredJob | undefined {
    const now = Date.now();
    if ('output' in outcome) return succeed(current, delivery, lease, outcome.output, now);
    // Ended by us: either closing (handed back), or the lease is gone and this changes nothing.
    if (abort.signal.aborted) return release(current, delivery, lease, now);
    return fail(current, delivery, lease, outcome.error, now, this.#parts.policy);
  }

  async #run(job: StoredJob, task: StoredTask, running: Running): Promise<Outcome> {
    const { artifacts, runner, driver } = this.#parts;
    const { signal } = running.abort;
    if (this.#closing !== undefined) running.abort.abort();
    // A longer delay than setTimeout can hold means: not in this process's life; the sweep has an eye on it anyway.
    const left = job.deadline === null ? undefined : Math.min(Math.max(job.deadline - Date.now(), 0), 2 ** 31 - 1);
    const timer =
      left === undefined ? undefined : setTimeout(() => void driver.expire(job.id).catch(this.#parts.warn), left);
    try {
      const earlier = job.fresh ? undefined : await artifacts.recall(task.key);
      if (earlier !== undefined) return { output: earlier, known: true };
      const output = await runner.run(task, { signal, onProgress: this.#reporter(running) });
      for (const hash of output.artifacts) await artifacts.publish(hash);
      await artifacts.remember(task.key, output);
      return { output, known: false };
    } catch (error) {
      return { error: serializeError(error) };
    } finally {
      clearTimeout(timer);
    }
  }

  /** Stores progress, at most one report under way at a time and not more often than the policy says; the newest wins. */
  #reporter({ delivery, lease, abort }: Running): (fraction: number) => void {
    const { engine, policy, warn } = this.#parts;
    let newest = 0;
    let busy = false;
    const store = async () => {
      busy = true;
      for (let stored = 0; stored < newest && !abort.signal.aborted; ) {
        const next = newest;
        await engine.update(delivery.job, (job) => report(job, delivery, lease, next, Date.now())).catch(warn);
        stored = next;
        await new Promise((resolve) => setTimeout(resolve, policy.progressMs).unref());
      }
      busy = false;
    };
    return (fraction) => {
      if (!Number.isFinite(fraction)) return;
      newest = Math.max(newest, fraction);
      if (!busy) void store();
    };
  }
}

function endOf(after: StoredJob, task: StoredTask, outcome: Outcome, stopped: boolean, policy: QueuePolicy): TaskEnd {
  if ('output' in outcome) return outcome.known ? 'known' : 'done';
  if (stopped) return 'stopped';
  if (after.status === 'failed' || task.state === 'failed') return 'failed';
  return isHandedBack(outcome.error, policy) ? 'handedBack' : 'again';
}
