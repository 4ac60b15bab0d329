import type { Delivery, Offer } from './delivery.js';
import type { CarriedArtifacts } from './queue-artifacts.js';
import type { StoredJob } from './record.js';

/** What {@link Engine.deliver} has begun. */
export interface Deliveries {
  /** Takes nothing more for so long; what runs goes on. */
  pause(ms: number): Promise<void>;
  /** Takes no more, and resolves when running handlers have ended. */
  close(): Promise<void>;
}

/** Where jobs are kept and how tasks reach workers. What happens to a job is decided elsewhere (record.ts, job-queue.ts). */
export interface Engine {
  /** Longest wait of a caller for an answer; workers wait without limit. */
  readonly patienceMs: number;
  /** Carries artifacts between machines that share no folder. */
  readonly carried?: CarriedArtifacts;
  read(id: string): Promise<StoredJob | undefined>;
  /** Every job, or only the open ones. */
  readAll(which: 'all' | 'open'): Promise<StoredJob[]>;
  /** Stores a new job; false if the id exists. */
  insert(job: StoredJob): Promise<boolean>;
  /**
   * Changes a job atomically. `change` is pure and may be called several times; undefined leaves the job as it is. Yields
   * the job as it is afterwards.
   */
  update(id: string, change: (job: StoredJob) => StoredJob | undefined): Promise<StoredJob | undefined>;
  /** Forgets a job. */
  remove(id: string): Promise<void>;
  /** Puts tasks up for delivery; repeating an offer changes nothing. */
  offer(offers: readonly Offer[]): Promise<void>;
  /** Which deliveries a living worker holds. */
  held(deliveries: readonly Delivery[]): Promise<boolean[]>;
  /**
   * Delivers offers to `handle`, at most `concurrency` at once over all processes' own limits, until closed; a delivery
   * whose process dies is delivered again.
   */
  deliver(concurrency: number, handle: (delivery: Delivery) => Promise<void>): Promise<Deliveries>;
  /** Calls with the id of a changed job; with undefined when changes may have been missed. */
  subscribe(listener: (id: string | undefined) => void): () => void;
  close(): Promise<void>;
}
