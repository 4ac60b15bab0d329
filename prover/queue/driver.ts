import { serializeError } from '../../src/errors/base.js';
import { ArtifactFileError, QueueError } from '../../src/errors/queue.js';
import type { Delivery, Offer } from './delivery.js';
import type { Engine } from './engine.js';
import { hashesOf } from './hashes.js';
import { canonicalJson, type JsonValue } from './json.js';
import type { QueueArtifacts } from './queue-artifacts.js';
import { complete, failJob, isSettled, issue, offersOf, rerunWriters, roundsOf, type StoredJob } from './record.js';
import type { Pipeline, PipelineStep, QueuePolicy } from './types.js';

/** Milliseconds for each waiting task before all of them are offered again. */
const OFFER_AGAIN_MS = 20;

/**
 * Moves jobs from round to round. Every step is safe to repeat and to leave at any point: whoever comes next (the next
 * task's worker, the sweep of any worker) finds in the record what is to be done.
 */
export class Driver {
  readonly #engine: Engine;
  readonly #pipeline: Pipeline;
  readonly #artifacts: QueueArtifacts;
  readonly #policy: QueuePolicy;
  /** What this process has offered of a job, so that a round of thousands is not offered again after each of its tasks. */
  readonly #offered = new Map<string, Set<string>>();
  /** When all waiting tasks of a job are offered again. */
  readonly #again = new Map<string, number>();

  constructor(engine: Engine, pipeline: Pipeline, artifacts: QueueArtifacts, policy: QueuePolicy) {
    this.#engine = engine;
    this.#pipeline = pipeline;
    this.#artifacts = artifacts;
    this.#policy = policy;
  }

  /** Asks the pipeline for the next step when a round is over, and offers what can run. */
  async advance(id: string): Promise<void> {
    let job = await this.#engine.read(id);
    if (job !== undefined && isSettled(job)) job = await this.#step(job);
    if (job === undefined) return;
    const offered = this.#offered.get(id) ?? new Set<string>();
    const offers = offersOf(job, 'waiting').filter((offer) => !offered.has(nameOf(offer)));
    if (job.status !== 'open') {
      this.#offered.delete(id);
      this.#again.delete(id);
    }
    if (offers.length === 0) return;
    // Who was handed back may have missed a list of its round's.
    if (offers.some(({ number }) => number > 1)) await this.#keepLists(job);
    await this.#engine.offer(offers);
    for (const offer of offers) offered.add(nameOf(offer));
    this.#offered.set(id, offered);
  }

  /** Stores the lists that the tasks of the present round read. */
  async #keepLists(job: StoredJob): Promise<void> {
    try {
      await this.#keep(this.#pipeline.next({ request: job.request, results: resultsOf(job) }));
    } catch {
      // The task that misses it says so.
    }
  }

  async #keep(step: PipelineStep): Promise<void> {
    if (!('tasks' in step)) return;
    for (const list of step.lists ?? []) await this.#artifacts.put(Buffer.from(canonicalJson(list)));
  }

  /** Looks after every open job: what a killed process left undone is taken up. Jobs of other pipelines and versions are left alone. */
  async sweep(): Promise<void> {
    for (const job of await this.#engine.readAll('open')) {
      if (job.pipeline !== this.#pipeline.name || job.version !== this.#pipeline.version) continue;
      if (job.deadline !== null && job.deadline <= Date.now()) await this.expire(job.id);
      else {
        await this.advance(job.id);
        await this.#engine.offer([...this.#lost(job), ...(await this.#abandoned(job))]);
      }
    }
  }

  /**
   * Waiting tasks, to be offered again: a store that failed may have lost them. The more there are, the more rarely, as it costs the store
   * something for each.
   */
  #lost(job: StoredJob): Offer[] {
    const now = Date.now();
    if (now < (this.#again.get(job.id) ?? 0)) return [];
    const offers = offersOf(job, 'waiting');
    this.#again.set(job.id, now + OFFER_AGAIN_MS * offers.length);
    return offers;
  }

  /** Fails a job whose deadline has passed. */
  async expire(id: string): Promise<void> {
    await this.#engine.update(id, (job) => {
      const now = Date.now();
      if (job.status !== 'open' || job.deadline === null || job.deadline > now) return undefined;
      const deadline = new Date(job.deadline).toISOString();
      return failJob(
        job,
        serializeError(new QueueError('QUEUE_DEADLINE', `Job ${id} was not done by ${deadline}.`)),
        now,
      );
    });
  }

  async #abandoned(job: StoredJob): Promise<Offer[]> {
    const active = offersOf(job, 'active');
    const held = await this.#engine.held(active);
    return active.filter((_, i) => !held[i]);
  }

  async #step(job: StoredJob): Promise<StoredJob | undefined> {
    const change = await this.#decide(job);
    // Somebody else may have taken the same step meanwhile.
    const same = (now: StoredJob) => isSettled(now) && now.run === job.run && roundsOf(now) === roundsOf(job);
    const next = await this.#engine.update(job.id, (current) => (same(current) ? change(current) : undefined));
    if (next?.status === 'done') await this.#dropCarried(next);
    return next;
  }

  /** Of a job that is done the queue's store carries its outcome alone, and what open jobs name. */
  async #dropCarried(job: StoredJob): Promise<void> {
    const { carried } = this.#artifacts;
    if (carried === undefined) return;
    const hashes = hashesOf(job);
    hashes.delete(job.artifact!);
    for (const open of await this.#engine.readAll('open')) for (const hash of hashesOf(open)) hashes.delete(hash);
    await carried.drop([...hashes]);
  }

  async #decide(job: StoredJob): Promise<(current: StoredJob) => StoredJob> {
    try {
      const step: PipelineStep = this.#pipeline.next({ request: job.request, results: resultsOf(job) });
      if ('tasks' in step) {
        await this.#keep(step);
        const now = Date.now();
        issue(job, step.tasks, now); // throws here rather than inside the engine
        return (current) => issue(current, step.tasks, now);
      }
      return await this.#finish(step.done);
    } catch (error) {
      // The disk's fault, not the job's: whoever comes next tries again.
      if (error instanceof ArtifactFileError) throw error;
      return (current) => failJob(current, serializeError(error), Date.now());
    }
  }

  /** A job is done only when its artifact is there; else whoever wrote it runs again. */
  async #finish(artifact: string): Promise<(current: StoredJob) => StoredJob> {
    try {
      await this.#artifacts.get(artifact);
      return (current) => complete(current, artifact, Date.now());
    } catch (cause) {
      if (!(cause instanceof ArtifactFileError)) throw cause;
      const error = serializeError(cause);
      return (current) => {
        const now = Date.now();
        const repaired = rerunWriters(current, [artifact], error, now, this.#policy);
        return repaired === current ? failJob(current, error, now) : repaired;
      };
    }
  }
}

/** What the tasks done have returned, by their keys. */
function resultsOf(job: StoredJob): Map<string, JsonValue> {
  return new Map(job.tasks.flatMap(({ key, output }) => (output === null ? [] : [[key, output.result] as const])));
}

function nameOf({ run, task, number }: Delivery): string {
  return `${run}-${task}-${number}`;
}
