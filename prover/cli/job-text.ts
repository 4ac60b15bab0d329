import type { Job } from '../queue/types.js';

/** What a job is called: batch, mode and game, else the beginning of its id. */
export function jobName({ id, about: { batch, mode, game } }: Pick<Job, 'id' | 'about'>): string {
  if (batch === undefined || mode === undefined) return id.slice(0, 12);
  return `batch ${batch} ${mode}${game === undefined ? '' : ` game ${game}`}`;
}

/** The name that selects a job: `31/diff`, `31/diff/7`. */
export function jobPath({ about: { batch, mode, game } }: Pick<Job, 'about'>): string {
  return [batch, mode, game].filter((part) => part !== undefined).join('/');
}

/** One line. */
export function jobLine(job: Job): string {
  const { id, state, progress, createdAt, error } = job;
  const when = new Date(createdAt).toISOString();
  const percent = String(Math.round(progress * 100)).padStart(3);
  const why = error === null ? '' : `  ${error.code}`;
  return `${id.slice(0, 16)}  ${state.padEnd(9)} ${percent}%  ${when}  ${jobName(job)}${why}`;
}

/** Everything. */
export function jobDetails(job: Job): string[] {
  const { takeovers, handedBack, stages, deadline } = job;
  const again = job.attempts - stages.reduce((sum, { tasks, active, done }) => sum + Math.min(tasks, active + done), 0);
  const extras = [
    ...(again > 0 ? [`${again} tasks tried again`] : []),
    ...(takeovers > 0 ? [`${takeovers} taken over from dead workers`] : []),
    ...(handedBack > 0 ? [`${handedBack} handed back`] : []),
  ];
  return [
    `${job.id}: ${job.state}, ${jobName(job)}${extras.length === 0 ? '' : `, ${extras.join(', ')}`}`,
    ...(deadline === null ? [] : [`  deadline ${new Date(deadline).toISOString()}`]),
    ...stages.map(
      ({ name, done, tasks, active, durationMs }) =>
        `  ${name.padEnd(7)} ${done}/${tasks} done, ${active} active, ${((durationMs ?? 0) / 1000).toFixed(1)} s`,
    ),
    ...(job.artifact === null ? [] : [`  bundle artifact ${job.artifact}`]),
    ...(job.error === null ? [] : [`  ${job.error.code}: ${job.error.message}`]),
  ];
}
