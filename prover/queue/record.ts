import type { SerializedError } from '../../src/errors/base.js';
import { serializeError } from '../../src/errors/base.js';
import { QueueError, TaskError } from '../../src/errors/queue.js';
import type { TaskOutput } from './artifacts.js';
import type { Delivery, Offer } from './delivery.js';
import { faultOf, isHandedBack } from './failures.js';
import type { JsonValue } from './json.js';
import type { About, QueuePolicy, TaskSpec } from './types.js';

const HOUR_MS = 3_600_000;

/** One task in a job's record. Times in milliseconds since 1970. */
export interface StoredTask extends TaskSpec {
  /** Tasks of one `next` share a round; a round starts when all before it are done. */
  readonly round: number;
  readonly state: 'waiting' | 'active' | 'done' | 'failed';
  /** Number of the delivery that may start it. */
  readonly number: number;
  readonly notBefore: number;
  /** Who runs it: only the holder of the lease may report. */
  readonly lease: string | null;
  readonly attempts: number;
  readonly takeovers: number;
  /** When its workers died, within an hour before the last time. */
  readonly deaths: readonly number[];
  /** How often a worker that lacked something handed it back. */
  readonly handedBack: number;
  readonly progress: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly output: TaskOutput | null;
}

/** A job as engines keep it; JSON. */
export interface StoredJob {
  readonly id: string;
  readonly pipeline: string;
  readonly version: string;
  readonly about: About;
  readonly request: JsonValue;
  readonly priority: number;
  readonly deadline: number | null;
  readonly status: 'open' | 'done' | 'failed' | 'cancelled';
  readonly run: number;
  /** Results of earlier computations are not used. */
  readonly fresh: boolean;
  readonly tasks: readonly StoredTask[];
  readonly artifact: string | null;
  readonly error: SerializedError | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly updatedAt: number;
  readonly finishedAt: number | null;
}

/** Rounds issued so far. */
export function roundsOf(job: StoredJob): number {
  return job.tasks.reduce((most, task) => Math.max(most, task.round + 1), 0);
}

/** Whether the pipeline is to be asked what comes next. */
export function isSettled(job: StoredJob): boolean {
  return job.status === 'open' && job.tasks.every((task) => task.state === 'done');
}

/** The task that a delivery means, if it may still run. */
export function deliveredTask(job: StoredJob | undefined, delivery: Delivery): StoredTask | undefined {
  if (job === undefined || job.status !== 'open' || job.run !== delivery.run) return undefined;
  const task = job.tasks[delivery.task];
  return task?.number === delivery.number && (task.state === 'waiting' || task.state === 'active') ? task : undefined;
}

/** Tasks of the first unfinished round that wait or run, as deliveries. */
export function offersOf(job: StoredJob, state: 'waiting' | 'active'): Offer[] {
  if (job.status !== 'open') return [];
  const round = Math.min(...job.tasks.filter((task) => task.state !== 'done').map((task) => task.round));
  return job.tasks.flatMap((task, index) =>
    task.round === round && task.state === state
      ? [
          {
            job: job.id,
            run: job.run,
            task: index,
            number: task.number,
            deadline: job.deadline,
            priority: job.priority,
            round,
            notBefore: task.notBefore,
          },
        ]
      : [],
  );
}

/** A worker starts a task. A lease that was left behind by a dead worker is taken over, which uses up no attempt. */
export function begin(
  job: StoredJob,
  delivery: Delivery,
  lease: string,
  now: number,
  policy: QueuePolicy,
): StoredJob | undefined {
  const task = deliveredTask(job, delivery);
  if (task === undefined || task.lease === lease) return undefined;
  const started = { state: 'active', lease, progress: 0, startedAt: task.startedAt ?? now } as const;
  if (task.state === 'waiting') {
    const begun = withTask(job, delivery.task, { ...started, attempts: task.attempts + 1 }, now);
    return { ...begun, startedAt: job.startedAt ?? now };
  }
  const deaths = [...task.deaths.filter((time) => time > now - HOUR_MS), now];
  const counted = { deaths, takeovers: task.takeovers + 1 };
  if (deaths.length <= policy.maxTakeovers) return withTask(job, delivery.task, { ...started, ...counted }, now);
  const lost = new TaskError(
    'TASK_LOST',
    `Task ${task.key} lost its worker ${deaths.length} times within an hour.`,
    false,
    { hint: 'Look at the memory of the machines that run it.' },
  );
  const error = serializeError(lost);
  if (job.deadline === null) {
    return failJob(withTask(job, delivery.task, { ...counted, state: 'failed', finishedAt: now }, now), error, now);
  }
  const notBefore = now + policy.maxBackoffMs;
  return { ...withTask(job, delivery.task, { ...waitingAgain(task), ...counted, notBefore }, now), error };
}

/** A lease holder's task finished. */
export function succeed(job: StoredJob, delivery: Delivery, lease: string, output: TaskOutput, now: number) {
  if (!holds(job, delivery, lease)) return undefined;
  return withTask(job, delivery.task, { state: 'done', lease: null, progress: 1, finishedAt: now, output }, now);
}

/**
 * A lease holder's task failed. Where this machine lacks something and there are others, the task goes back to them and no attempt is used
 * up; else it is tried again later when that may help, or the job fails.
 */
export function fail(
  job: StoredJob,
  delivery: Delivery,
  lease: string,
  error: SerializedError,
  now: number,
  policy: QueuePolicy,
): StoredJob | undefined {
  if (!holds(job, delivery, lease)) return undefined;
  if (isHandedBack(error, policy)) return handBack(job, delivery.task, error, now, policy);
  const failed = rerun(job, delivery.task, error, now, policy);
  const hash = error.details?.hash;
  // A task that misses an artifact can only succeed after the task that wrote it ran again.
  return error.code.startsWith('QUEUE_ARTIFACT_') && typeof hash === 'string'
    ? rerunWriters(failed, [hash], error, now, policy)
    : failed;
}

/** Tasks done that wrote one of these artifacts, which are gone, run again within their bound of attempts. */
export function rerunWriters(
  job: StoredJob,
  missing: readonly string[],
  error: SerializedError,
  now: number,
  policy: QueuePolicy,
): StoredJob {
  return job.tasks.reduce(
    (current, task, index) =>
      task.state === 'done' && task.output?.artifacts.some((hash) => missing.includes(hash))
        ? rerun(current, index, error, now, policy)
        : current,
    job,
  );
}

function rerun(job: StoredJob, index: number, error: SerializedError, now: number, policy: QueuePolicy): StoredJob {
  if (job.status !== 'open') return job;
  const task = job.tasks[index]!;
  const tries = job.deadline === null ? policy.maxAttempts : Number.POSITIVE_INFINITY;
  if (faultOf(error) === 'input' || task.attempts >= tries) {
    return failJob(
      withTask(job, index, { state: 'failed', lease: null, output: null, finishedAt: now }, now),
      error,
      now,
    );
  }
  const pause = Math.min(policy.backoffMs * 2 ** (task.attempts - 1), policy.maxBackoffMs);
  return { ...withTask(job, index, { ...waitingAgain(task), notBefore: now + pause }, now), error };
}

function handBack(job: StoredJob, index: number, error: SerializedError, now: number, policy: QueuePolicy): StoredJob {
  const task = job.tasks[index]!;
  const { attempts, handedBack } = task;
  const change = { attempts: attempts - 1, handedBack: handedBack + 1, notBefore: now + policy.backoffMs };
  return { ...withTask(job, index, { ...waitingAgain(task), ...change }, now), error };
}

/** A lease holder hands its task back unfinished (its process closes): no attempt is used up. */
export function release(job: StoredJob, delivery: Delivery, lease: string, now: number): StoredJob | undefined {
  if (!holds(job, delivery, lease)) return undefined;
  const task = job.tasks[delivery.task]!;
  return withTask(job, delivery.task, { ...waitingAgain(task), attempts: task.attempts - 1, notBefore: now }, now);
}

/** A lease holder reports progress, 0 to 1; it never goes back within an attempt. */
export function report(job: StoredJob, delivery: Delivery, lease: string, progress: number, now: number) {
  if (!holds(job, delivery, lease)) return undefined;
  const task = job.tasks[delivery.task]!;
  return progress > task.progress ? withTask(job, delivery.task, { progress: Math.min(progress, 1) }, now) : undefined;
}

/** The pipeline's next tasks. @throws QueueError `QUEUE_PIPELINE` when none of them is new. */
export function issue(job: StoredJob, specs: readonly TaskSpec[], now: number): StoredJob {
  const round = roundsOf(job);
  const known = new Set(job.tasks.map((task) => task.key));
  const tasks: StoredTask[] = [];
  for (const { stage, key, payload, timeoutMs } of specs) {
    if (known.has(key)) continue;
    known.add(key);
    tasks.push({
      stage,
      key,
      payload,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...{ round, state: 'waiting', number: 1, notBefore: now, lease: null, attempts: 0, takeovers: 0 },
      ...{ deaths: [], handedBack: 0 },
      ...{ progress: 0, startedAt: null, finishedAt: null, output: null },
    });
  }
  if (tasks.length === 0) {
    throw new QueueError('QUEUE_PIPELINE', `Pipeline ${job.pipeline} is not done and names no new task.`);
  }
  return { ...job, tasks: [...job.tasks, ...tasks], updatedAt: now };
}

/** The outcome is there; the caller has checked that the artifact is. */
export function complete(job: StoredJob, artifact: string, now: number): StoredJob {
  return { ...job, status: 'done', artifact, error: null, updatedAt: now, finishedAt: now };
}

/** An open job that is asked for once more: the later deadline and the higher priority count. */
export function wanted(job: StoredJob, { priority, deadline, about }: StoredJob): StoredJob | undefined {
  const later = job.deadline === null || deadline === null ? null : Math.max(job.deadline, deadline);
  const changed = { priority: Math.max(job.priority, priority), deadline: later, about: { ...job.about, ...about } };
  const same = changed.priority === job.priority && later === job.deadline;
  return same && JSON.stringify(changed.about) === JSON.stringify(job.about) ? undefined : { ...job, ...changed };
}

/** Ends an open job with an error; running tasks lose their leases. */
export function failJob(job: StoredJob, error: SerializedError, now: number): StoredJob {
  return close(job, 'failed', error, now);
}

/** Ends an open job on request; undefined when it is finished. */
export function cancel(job: StoredJob, now: number): StoredJob | undefined {
  return job.status === 'open' ? close(job, 'cancelled', job.error, now) : undefined;
}

/**
 * Opens a job again. What is done stays done, except what wrote a `missing` artifact and, if `fresh`, everything.
 * @param notBefore when it may begin, milliseconds since 1970
 */
export function reopen(
  job: StoredJob,
  missing: readonly string[],
  fresh: boolean,
  now: number,
  notBefore = now,
): StoredJob {
  const tasks = job.tasks.map((task): StoredTask => {
    const kept = task.state === 'done' && !task.output?.artifacts.some((hash) => missing.includes(hash));
    return kept ? task : { ...waitingAgain(task), attempts: 0, deaths: [], notBefore, startedAt: null };
  });
  return {
    ...{ ...job, status: 'open', run: job.run + 1, fresh, tasks: fresh ? [] : tasks },
    ...{ artifact: null, updatedAt: now, startedAt: null, finishedAt: null },
  };
}

function close(job: StoredJob, status: 'failed' | 'cancelled', error: SerializedError | null, now: number): StoredJob {
  const tasks = job.tasks.map((task) => (task.state === 'active' ? waitingAgain(task) : task));
  return { ...job, status, error, tasks, updatedAt: now, finishedAt: now };
}

function waitingAgain(task: StoredTask): StoredTask {
  const { number } = task;
  return { ...task, state: 'waiting', number: number + 1, lease: null, progress: 0, finishedAt: null, output: null };
}

function holds(job: StoredJob, delivery: Delivery, lease: string): boolean {
  const task = deliveredTask(job, delivery);
  return task?.state === 'active' && task.lease === lease;
}

function withTask(job: StoredJob, index: number, change: Partial<StoredTask>, now: number): StoredJob {
  return {
    ...job,
    tasks: job.tasks.map((task, i) => (i === index ? { ...task, ...change } : task)),
    updatedAt: now,
  };
}
