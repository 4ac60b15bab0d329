import { setTimeout as sleep } from 'node:timers/promises';
import { ForeignError, QueueError } from '../../src/errors/queue.js';
import type { RunnerOptions } from '../worker/runner.js';
import { TaskRunner } from '../worker/runner.js';
import { Worker } from '../worker/worker.js';
import { Driver } from './driver.js';
import type { Engine } from './engine.js';
import type { QueueEvent } from './events.js';
import { isInputFault } from './failures.js';
import { hashesOf } from './hashes.js';
import { canonicalJson, contentHash, type JsonValue } from './json.js';
import { QueueArtifacts } from './queue-artifacts.js';
import { cancel, reopen, type StoredJob, wanted } from './record.js';
import {
  DEFAULT_POLICY,
  type Job,
  type JobQueue,
  type JobState,
  type Pipeline,
  type Pruned,
  type QueuePolicy,
  type SubmitOptions,
  type WorkerHandle,
} from './types.js';
import { viewOf } from './view.js';

/** What every queue needs, whatever the engine. */
export interface QueueOptions {
  readonly pipeline: Pipeline;
  readonly runner: RunnerOptions;
  /** Folder of the artifacts: this machine's, or one that all workers share. */
  readonly artifacts: string;
  readonly policy?: Partial<QueuePolicy>;
  /** Told of failures that concern no job (Redis is away); nothing stops because of them. stderr by default. */
  readonly warn?: (error: unknown) => void;
  /** Told what workers of this process do, and when the store does not answer. */
  readonly tell?: (event: QueueEvent) => void;
}

const MAX_REQUEST = 8 * 1024 * 1024;
const HOUR_MS = 3_600_000;

/** The jobs of one engine. */
export class EngineQueue implements JobQueue {
  readonly #engine: Engine;
  readonly #options: QueueOptions;
  readonly #policy: QueuePolicy;
  readonly artifacts: QueueArtifacts;
  readonly #driver: Driver;
  readonly #warn: (error: unknown) => void;
  readonly #workers = new Set<Worker>();
  /** Jobs that this process has queued: one that is not there any more is gone, and not unknown. */
  readonly #submitted = new Set<string>();
  readonly #closed = new AbortController();
  #closing: Promise<void> | undefined;

  constructor(engine: Engine, options: QueueOptions) {
    this.#engine = engine;
    this.#options = options;
    this.#policy = { ...DEFAULT_POLICY, ...options.policy };
    this.artifacts = new QueueArtifacts(options.artifacts, engine.carried);
    this.#driver = new Driver(engine, options.pipeline, this.artifacts, this.#policy);
    this.#warn = options.warn ?? ((error) => process.stderr.write(`queue: ${String(error)}\n`));
  }

  async submit(request: JsonValue, { priority = 0, deadline, about = {} }: SubmitOptions = {}): Promise<string> {
    const { pipeline } = this.#options;
    const text = requestText(request);
    checkOptions(priority, deadline);
    pipeline.check(request);
    const { name, version } = pipeline;
    const id = contentHash({ pipeline: name, version, request }).slice(0, 32);
    const now = Date.now();
    const job: StoredJob = {
      ...{ id, pipeline: name, version, about, request: JSON.parse(text) as JsonValue },
      ...{ priority, deadline: deadline ?? null },
      ...{ status: 'open', run: 1, fresh: false, tasks: [], artifact: null, error: null },
      ...{ createdAt: now, startedAt: null, updatedAt: now, finishedAt: null },
    };
    return this.#ask(async () => {
      if (!(await this.#engine.insert(job))) await this.#again(job);
      this.#submitted.add(id);
      await this.#driver.advance(id);
      return id;
    });
  }

  get(id: string): Promise<Job | undefined> {
    return this.#ask(async () => {
      const job = await this.#engine.read(id);
      return job === undefined ? undefined : this.#view(job);
    });
  }

  list({ state }: { readonly state?: JobState } = {}): Promise<Job[]> {
    return this.#ask(async () => {
      const jobs = await Promise.all((await this.#engine.readAll('all')).map((job) => this.#view(job)));
      const wanted = jobs.filter((job) => state === undefined || job.state === state);
      return wanted.sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1));
    });
  }

  cancel(id: string): Promise<Job> {
    return this.#change(id, 'cancel', (job) => cancel(job, Date.now()));
  }

  async retry(id: string, { fresh = false }: { readonly fresh?: boolean } = {}): Promise<Job> {
    const missing = await this.#ask(async () => this.#missing(await this.#engine.read(id)));
    const job = await this.#change(id, 'retry', (current) =>
      current.status === 'failed' || current.status === 'cancelled'
        ? { ...reopen(current, missing, fresh, Date.now()), error: null }
        : undefined,
    );
    await this.#ask(() => this.#driver.advance(id));
    return job;
  }

  async wait(id: string, { signal }: { readonly signal?: AbortSignal } = {}): Promise<Job> {
    const stop = signal === undefined ? this.#closed.signal : AbortSignal.any([this.#closed.signal, signal]);
    for (let seen = this.#submitted.has(id); ; seen = true) {
      signal?.throwIfAborted();
      const changed = this.#nextChange(id, stop);
      try {
        const job = await this.#ask(() => this.#engine.read(id), Number.POSITIVE_INFINITY);
        if (job === undefined) throw seen ? goneJob(id) : unknownJob(id);
        if (job.status !== 'open') return outcomeOf(await this.#view(job));
      } catch (error) {
        changed.cancel();
        throw error;
      }
      await changed.promise;
    }
  }

  onChange(listener: (job: Job) => void): () => void {
    const pending = new Set<string>();
    return this.#engine.subscribe((id) => {
      if (id === undefined || pending.has(id)) return;
      pending.add(id);
      const tell = async () => {
        const job = await this.#engine.read(id).finally(() => pending.delete(id));
        if (job !== undefined && !this.#closed.signal.aborted) listener(await this.#view(job));
      };
      tell().catch((error: unknown) => {
        if (!this.#closed.signal.aborted) this.#warn(error);
      });
    });
  }

  async work({ concurrency = 1 }: { readonly concurrency?: number } = {}): Promise<WorkerHandle> {
    this.#assertOpen();
    if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 1024) {
      throw new QueueError('QUEUE_BAD_REQUEST', `Concurrency is a whole number from 1 to 1024, not ${concurrency}.`);
    }
    const runner = new TaskRunner(this.#options.runner, this.artifacts);
    const warn = (error: unknown) => {
      if (!this.#closed.signal.aborted) this.#warn(error);
    };
    const parts = { engine: this.#engine, driver: this.#driver, artifacts: this.artifacts, policy: this.#policy };
    const tell = this.#options.tell ?? (() => undefined);
    const worker = new Worker({ ...parts, runner, warn, tell });
    this.#workers.add(worker);
    await worker.start(concurrency);
    const prune = () => void this.prune(this.#policy.keepMs).catch(warn);
    const hourly = setInterval(prune, HOUR_MS);
    hourly.unref();
    this.#closed.signal.addEventListener('abort', () => clearInterval(hourly), { once: true });
    const close = () => {
      clearInterval(hourly);
      return worker.close().finally(() => this.#workers.delete(worker));
    };
    return { close };
  }

  prune(olderThanMs: number): Promise<Pruned> {
    return this.#ask(async () => {
      const closedBefore = Date.now() - olderThanMs;
      const named = new Set<string>();
      let jobs = 0;
      for (const job of await this.#engine.readAll('all')) {
        if (job.finishedAt !== null && job.finishedAt <= closedBefore) {
          await this.#engine.remove(job.id);
          this.#submitted.delete(job.id);
          jobs++;
        } else for (const hash of hashesOf(job)) named.add(hash);
      }
      return { jobs, artifacts: await this.artifacts.prune(named, olderThanMs) };
    }, Number.POSITIVE_INFINITY);
  }

  close(): Promise<void> {
    this.#closing ??= (async () => {
      const workers = Promise.all([...this.#workers].map((worker) => worker.close())).catch(this.#warn);
      const patience = new AbortController();
      const limit = sleep(Math.min(this.#engine.patienceMs, 2 ** 31 - 1), undefined, { signal: patience.signal });
      // Workers hand their tasks back; if the store does not answer, their leases run out instead.
      await Promise.race([workers, limit]).finally(() => patience.abort());
      limit.catch(() => undefined);
      this.#closed.abort();
      await this.#engine.close();
    })();
    return this.#closing;
  }

  async #change(id: string, what: string, change: (job: StoredJob) => StoredJob | undefined): Promise<Job> {
    return this.#ask(async () => {
      let before: StoredJob | undefined;
      let refused = false;
      const after = await this.#engine.update(id, (job) => {
        before = job;
        const changed = change(job);
        refused = changed === undefined;
        return changed;
      });
      if (after === undefined || before === undefined) throw unknownJob(id);
      if (refused) {
        throw new QueueError('QUEUE_JOB_STATE', `Cannot ${what} job ${id}: it is ${(await this.#view(before)).state}.`);
      }
      return this.#view(after);
    });
  }

  /** Somebody asks again for a job that is there ({@link JobQueue.submit}). */
  async #again(asked: StoredJob): Promise<void> {
    const job = await this.#engine.read(asked.id);
    if (job === undefined) return;
    const isLost = job.artifact !== null && !(await this.artifacts.has(job.artifact));
    const mayPass = job.status === 'failed' && !isInputFault(job.error);
    const missing = isLost || mayPass ? await this.#missing(job) : [];
    await this.#engine.update(asked.id, (current) => {
      if (current.status === 'open') return wanted(current, asked);
      if (current.run !== job.run || !(isLost || mayPass)) return undefined;
      const now = Date.now();
      const pause = Math.min(this.#policy.backoffMs * 2 ** (current.run - 1), this.#policy.maxBackoffMs);
      const since = current.status === 'failed' ? (current.finishedAt ?? now) + pause : now;
      const opened = reopen(current, missing, false, now, Math.max(now, since));
      return { ...opened, deadline: asked.deadline, about: { ...opened.about, ...asked.about } };
    });
  }

  async #missing(job: StoredJob | undefined): Promise<string[]> {
    const hashes = [...new Set(job?.tasks.flatMap((task) => task.output?.artifacts ?? []))];
    const sound = await Promise.all(hashes.map((hash) => this.artifacts.has(hash)));
    return hashes.filter((_, i) => !sound[i]);
  }

  async #view(job: StoredJob): Promise<Job> {
    const deliveries = job.tasks.map(({ number }, task) => ({ job: job.id, run: job.run, task, number }));
    const active = deliveries.filter(({ task }) => job.tasks[task]?.state === 'active');
    const held = active.length === 0 ? [] : await this.#engine.held(active);
    const alive = job.tasks.map((_, i) => held[active.findIndex(({ task }) => task === i)] ?? false);
    return viewOf(job, this.#options.pipeline.stages, alive, Date.now());
  }

  /** Resolves when the job has changed, and after a while in any case: a change may be told to nobody when the store lost it. */
  #nextChange(id: string, stop: AbortSignal): { promise: Promise<void>; cancel: () => void } {
    let cancel: () => void = () => undefined;
    const promise = new Promise<void>((resolve) => {
      const unsubscribe = this.#engine.subscribe((changed) => {
        if (changed === undefined || changed === id) cancel();
      });
      const timer = setTimeout(() => cancel(), this.#policy.sweepMs);
      cancel = () => {
        clearTimeout(timer);
        unsubscribe();
        stop.removeEventListener('abort', cancel);
        resolve();
      };
      stop.addEventListener('abort', cancel, { once: true });
      if (stop.aborted) cancel();
    });
    return { promise, cancel };
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw new QueueError('QUEUE_CLOSED', 'This queue has been closed.');
  }

  /** A caller's question to the store, answered within the engine's patience. */
  async #ask<T>(question: () => Promise<T>, patienceMs: number = this.#engine.patienceMs): Promise<T> {
    this.#assertOpen();
    const stop = new AbortController();
    const closed = () => stop.abort('closed');
    this.#closed.signal.addEventListener('abort', closed, { once: true });
    const timer = patienceMs < 2 ** 31 ? setTimeout(() => stop.abort('patience'), patienceMs) : undefined;
    try {
      return await Promise.race([question(), refusal<T>(stop.signal, patienceMs)]);
    } catch (error) {
      // What a store says when it is closed under a question is not the caller's business.
      if (this.#closed.signal.aborted) throw new QueueError('QUEUE_CLOSED', 'This queue has been closed.');
      throw error;
    } finally {
      clearTimeout(timer);
      this.#closed.signal.removeEventListener('abort', closed);
    }
  }
}

function refusal<T>(signal: AbortSignal, patienceMs: number): Promise<T> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () =>
      reject(
        new QueueError('QUEUE_UNREACHABLE', `The queue's store did not answer within ${patienceMs} ms.`, {
          hint: 'Check that Redis runs and is reachable.',
          retryable: true,
        }),
      ),
    );
  });
}

function requestText(request: JsonValue): string {
  let text: string;
  try {
    text = canonicalJson(request);
  } catch (cause) {
    throw new QueueError('QUEUE_BAD_REQUEST', `The request is not JSON: ${(cause as Error).message}`, { cause });
  }
  if (text.length <= MAX_REQUEST) return text;
  throw new QueueError('QUEUE_BAD_REQUEST', `The request has ${text.length} characters, more than ${MAX_REQUEST}.`, {
    hint: 'Put the bytes into the artifact folder and their hash into the request.',
  });
}

function checkOptions(priority: number, deadline: number | undefined): void {
  if (!Number.isInteger(priority) || priority < 0 || priority > 100) {
    throw new QueueError('QUEUE_BAD_REQUEST', `A priority is a whole number from 0 to 100, not ${priority}.`);
  }
  if (deadline !== undefined && !(Number.isFinite(deadline) && deadline > Date.now())) {
    throw new QueueError('QUEUE_BAD_REQUEST', `A deadline is a time to come in milliseconds, not ${deadline}.`);
  }
}

function unknownJob(id: string): QueueError {
  return new QueueError('QUEUE_JOB_UNKNOWN', `There is no job ${id}.`, { hint: 'See `deltaproof jobs list`.' });
}

function goneJob(id: string): QueueError {
  return new QueueError('QUEUE_JOB_GONE', `Job ${id} was queued, and the queue's store does not have it any more.`, {
    hint: 'Its Redis was emptied, or lost what it held: queue it again; what was computed is kept where it was computed.',
    retryable: true,
  });
}

function outcomeOf(job: Job): Job {
  if (job.state === 'done') return job;
  if (job.state === 'failed' && job.error !== null) throw new ForeignError(job.error);
  throw new QueueError('QUEUE_JOB_CANCELLED', `Job ${job.id} was cancelled.`, { hint: 'Queue it again by a retry.' });
}
