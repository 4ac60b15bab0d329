import type { StoredJob, StoredTask } from './record.js';

/** A job's record without its tasks, which are kept one by one: a job may have thousands, and most changes are of one alone. */
export interface StoredHead extends Omit<StoredJob, 'tasks'> {
  /** How many there are. */
  readonly tasks: number;
}

/** What a store has to write for a change. */
export interface StoredChange {
  readonly head: StoredHead;
  readonly changed: readonly (readonly [index: number, task: StoredTask])[];
  /** How many tasks there were before; those behind the new end go. */
  readonly before: number;
}

/** Records are never changed in place, so a task that is the same object has not changed. */
export function changeOf(before: StoredJob | undefined, after: StoredJob): StoredChange {
  const { tasks, ...rest } = after;
  const old = before?.tasks ?? [];
  const changed = tasks.flatMap((task, i) => (task === old[i] ? [] : [[i, task] as const]));
  return { head: { ...rest, tasks: tasks.length }, changed, before: old.length };
}

/** A record again, from what it was before and what has changed. Undefined when a task is missing. */
export function jobOf(
  head: StoredHead,
  before: readonly StoredTask[],
  changed: Iterable<readonly [index: number, task: StoredTask]>,
): StoredJob | undefined {
  const tasks = before.slice(0, head.tasks);
  for (const [index, task] of changed) tasks[index] = task;
  const isWhole = tasks.length === head.tasks && !tasks.includes(undefined as unknown as StoredTask);
  return isWhole ? { ...head, tasks } : undefined;
}
