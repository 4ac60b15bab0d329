import type { SerializedError } from '../../src/errors/base.js';
import type { JsonValue } from './json.js';
import type { QueueArtifacts } from './queue-artifacts.js';

/** One piece of work for one child process. */
export interface TaskSpec {
  readonly stage: string;
  /**
   * Names the work by its content: two tasks with one key must have interchangeable results, whatever the job. It covers
   * everything the result depends on, programs and keys included. Make it with `taskSpec`.
   */
  readonly key: string;
  readonly payload: JsonValue;
  /** Milliseconds before the child is ended; the runner's own limit by default. */
  readonly timeoutMs?: number;
}

/** What a pipeline sees of a job. */
export interface PipelineState {
  readonly request: JsonValue;
  /** Results of the finished tasks by task key. */
  readonly results: ReadonlyMap<string, JsonValue>;
}

/**
 * What comes next: tasks that may run side by side, or the artifact that is the job's outcome. `lists` are stored as artifacts before the
 * tasks run: canonical JSON, whose hashes (`contentHash`) the payloads name.
 */
export type PipelineStep =
  | { readonly tasks: readonly TaskSpec[]; readonly lists?: readonly (readonly JsonValue[])[] }
  | { readonly done: string };

/**
 * How a request becomes an artifact, as pure functions: the same state always yields the same step, so that any process
 * can take a job over at any point. `next` is asked when every task issued so far has finished; tasks it names again
 * are not run again.
 */
export interface Pipeline {
  /** Part of every job's id. */
  readonly name: string;
  /** Of the programs that make results; part of every job's id too. Jobs of another version are left to its workers. */
  readonly version: string;
  /** Stages in their order, for progress and display. */
  readonly stages: readonly string[];
  /** Refuses a malformed request by throwing. Anything may be passed. */
  check(request: JsonValue): void;
  next(state: PipelineState): PipelineStep;
}

/**
 * `waiting`: no task runs at the moment (none yet, none free, backing off). `active`: a living worker runs a task.
 */
export type JobState = 'waiting' | 'active' | 'failed' | 'done' | 'cancelled';

/** One stage of a job; times in milliseconds since 1970. */
export interface JobStage {
  readonly name: string;
  /** Tasks known so far; 0 before the stage is reached. */
  readonly tasks: number;
  readonly active: number;
  readonly done: number;
  /** Starts of tasks, retries included. */
  readonly attempts: number;
  /** 0 to 1. */
  readonly progress: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  /** From the first start to the last end, or until now. */
  readonly durationMs: number | null;
}

/** What a job is about, for people: short words by short names, such as `batch`, `mode`, `game`. */
export type About = Readonly<Record<string, string>>;

/** A job as everybody may see it; JSON. Times in milliseconds since 1970. */
export interface Job {
  readonly id: string;
  readonly pipeline: string;
  /** Of the programs that its tasks are for. */
  readonly version: string;
  readonly about: About;
  readonly request: JsonValue;
  readonly priority: number;
  readonly deadline: number | null;
  readonly state: JobState;
  readonly stages: readonly JobStage[];
  /** Starts of tasks, retries included; waiting and takeovers count nothing. */
  readonly attempts: number;
  /** How often a task lost its worker and was taken over. */
  readonly takeovers: number;
  /** How often a task was handed back by a worker that lacked something. */
  readonly handedBack: number;
  /** 0 to 1. */
  readonly progress: number;
  /** Why the job failed, or what went wrong last in a job that goes on. */
  readonly error: SerializedError | null;
  /** The outcome (sha256 in the artifact folder); set exactly when `state` is `done`. */
  readonly artifact: string | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly updatedAt: number;
  readonly finishedAt: number | null;
}

/** Options of {@link JobQueue.submit}. */
export interface SubmitOptions {
  /** 0 (default) to 100; higher goes first among jobs without a deadline, which come after those with one. */
  readonly priority?: number;
  /**
   * Milliseconds since 1970; the earliest goes first. Until then the job is tried again after every failure that is not the fault of its
   * input; a job that is not done by then fails with `QUEUE_DEADLINE`.
   */
  readonly deadline?: number;
  readonly about?: About;
}

/** This process's part in the work. */
export interface WorkerHandle {
  /** Takes no more tasks, ends the running ones and hands them back without using up an attempt. */
  close(): Promise<void>;
}

/** Jobs, whatever the engine. Every method throws {@link QueueError} `QUEUE_CLOSED` after `close`. */
export interface JobQueue {
  readonly artifacts: QueueArtifacts;
  /**
   * Queues a request and yields the job's id, which content and program version determine: the same request is the same job. One that
   * failed, though not by the fault of its input (`isInputFault`), is tried again, after a pause that grows each time; so is one that is done
   * but whose artifact is gone. Of an open one the later deadline and the higher priority count.
   * @throws QueueError `QUEUE_BAD_REQUEST`, or what the pipeline's `check` throws; nothing is queued then.
   */
  submit(request: JsonValue, options?: SubmitOptions): Promise<string>;
  get(id: string): Promise<Job | undefined>;
  /** Jobs, newest first. */
  list(filter?: { readonly state?: JobState }): Promise<Job[]>;
  /** Cancels a job that is not finished; its running children end. @throws QueueError `QUEUE_JOB_UNKNOWN`, `QUEUE_JOB_STATE` */
  cancel(id: string): Promise<Job>;
  /**
   * Queues a failed or cancelled job again; what finished is kept, unless `fresh`: then everything is computed again.
   * @throws QueueError `QUEUE_JOB_UNKNOWN`, `QUEUE_JOB_STATE`
   */
  retry(id: string, options?: { readonly fresh?: boolean }): Promise<Job>;
  /**
   * The job when it is done.
   * @throws ForeignError the job's error when it failed; QueueError `QUEUE_JOB_CANCELLED`, `QUEUE_JOB_UNKNOWN`, `QUEUE_JOB_GONE` (it was
   * there: the store lost it); the signal's reason.
   */
  wait(id: string, options?: { readonly signal?: AbortSignal }): Promise<Job>;
  /**
   * Forgets jobs that were closed at least so long ago, and artifacts as old that no other job names.
   * @param olderThanMs 0: all
   */
  prune(olderThanMs: number): Promise<Pruned>;
  /** Calls `listener` after changes of any job, made by any process; several quick changes may be told once. Yields the way to stop. */
  onChange(listener: (job: Job) => void): () => void;
  /** Joins this process as a worker that runs at most `concurrency` children at once. */
  work(options?: { readonly concurrency?: number }): Promise<WorkerHandle>;
  /** Ends workers, children and connections of this process. Jobs stay queued. */
  close(): Promise<void>;
}

/** What was forgotten. */
export interface Pruned {
  readonly jobs: number;
  readonly artifacts: number;
}

/** How tasks are retried and watched. */
export interface QueuePolicy {
  /** Starts of one task before its job fails; with a deadline it does not fail by that. */
  readonly maxAttempts: number;
  /** Pause before the second attempt in milliseconds; it doubles each time up to `maxBackoffMs`. */
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  /** How often a task's worker may die within an hour before the job fails, or waits when it has a deadline: a task that kills its machine must not go round for ever. */
  readonly maxTakeovers: number;
  /** Without a sign of life for this long a worker counts as dead (BullMQ engine). */
  readonly leaseMs: number;
  /** Between two looks for jobs that nobody drives, at running tasks whose lease was lost, and of who waits for a job. */
  readonly sweepMs: number;
  /** Least time between two stored progress reports of one task. */
  readonly progressMs: number;
  /** Whether other machines work on the same jobs: set by who opens the queue. */
  readonly shared: boolean;
  /** Workers forget closed jobs after this long ({@link JobQueue.prune}). */
  readonly keepMs: number;
}

/** Production values. */
export const DEFAULT_POLICY: QueuePolicy = {
  maxAttempts: 3,
  backoffMs: 2_000,
  maxBackoffMs: 60_000,
  maxTakeovers: 5,
  leaseMs: 30_000,
  sweepMs: 10_000,
  progressMs: 250,
  shared: false,
  keepMs: 7 * 86_400_000,
};
