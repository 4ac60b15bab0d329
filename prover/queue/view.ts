import type { StoredJob, StoredTask } from './record.js';
import type { Job, JobStage } from './types.js';

/**
 * The public face of a job. `alive` tells of every task whether a living worker holds it: a record says `active` until
 * somebody takes the task over, a reader must not believe it.
 */
export function viewOf(job: StoredJob, stages: readonly string[], alive: readonly boolean[], now: number): Job {
  const names = [...new Set([...stages, ...job.tasks.map((task) => task.stage)])];
  const shown = names.map((name) => stageOf(name, job, alive, now));
  const active = shown.some((stage) => stage.active > 0);
  const { id, pipeline, version, about, request, priority, deadline, error, artifact } = job;
  const { createdAt, startedAt, updatedAt, finishedAt } = job;
  return {
    ...{ id, pipeline, version, about, request, priority, deadline, error, artifact },
    ...{ createdAt, startedAt, updatedAt, finishedAt },
    state: job.status !== 'open' ? job.status : active ? 'active' : 'waiting',
    stages: shown,
    attempts: shown.reduce((sum, stage) => sum + stage.attempts, 0),
    takeovers: job.tasks.reduce((sum, task) => sum + task.takeovers, 0),
    handedBack: job.tasks.reduce((sum, task) => sum + task.handedBack, 0),
    progress: job.status === 'done' ? 1 : shown.reduce((sum, stage) => sum + stage.progress, 0) / (names.length || 1),
  };
}

function stageOf(name: string, job: StoredJob, alive: readonly boolean[], now: number): JobStage {
  const tasks = job.tasks.filter((task) => task.stage === name);
  const active = job.tasks.filter((task, i) => task.stage === name && task.state === 'active' && alive[i]).length;
  const done = tasks.filter((task) => task.state === 'done').length;
  const startedAt = extreme(Math.min, tasks, 'startedAt');
  const finishedAt = done === tasks.length ? extreme(Math.max, tasks, 'finishedAt') : null;
  return {
    ...{ name, tasks: tasks.length, active, done, startedAt, finishedAt },
    attempts: tasks.reduce((sum, task) => sum + task.attempts, 0),
    progress: tasks.length === 0 ? 0 : tasks.reduce((sum, task) => sum + task.progress, 0) / tasks.length,
    durationMs: startedAt === null ? null : (finishedAt ?? job.finishedAt ?? now) - startedAt,
  };
}

function extreme(
  pick: (...values: number[]) => number,
  tasks: readonly StoredTask[],
  field: 'startedAt' | 'finishedAt',
): number | null {
  const times = tasks.map((task) => task[field]).filter((time) => time !== null);
  return times.length === 0 ? null : pick(...times);
}
