import type { Delivery, Offer } from './delivery.js';
import type { StoredJob } from './record.js';

/** Where jobs are kept and how tasks reach workers. What happens to a job is decided elsewhere (record.ts, job-queue.ts). */
export interface Engine {
  /** Longest wait of a caller for an answer; workers wait without limit. */
  readonly patienceMs: number;
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
  /** Puts tasks up for delivery; repeating an offer changes nothing. */
  offer(offers: readonly Offer[]): Promise<void>;
  /** Which deliveries a living worker holds. */
  held(deliveries: readonly Delivery[]): Promise<boolean[]>;
  /**
   * Delivers offers to `handle`, at most `concurrency` at once over all processes' own limits, until closed; a delivery
   * whose process dies is delivered again. `close` takes no more and resolves when running handlers have ended.
   */
  deliver(concurrency: number, handle: (delivery: Delivery) => Promise<void>): Promise<{ close(): Promise<void> }>;
  /** Calls with the id of a changed job; with undefined when changes may have been missed. */
  subscribe(listener: (id: string | undefined) => void): () => void;
  close(): Promise<void>;
}
