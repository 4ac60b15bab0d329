import { Command } from 'commander';
import { UsageError } from '../../../src/errors/usage.js';
import type { ProofService } from '../../proving/service.js';
import type { Job } from '../../queue/types.js';
import { Output } from '../output.js';
import { openService, type QueueFlags, withQueueFlags } from '../queue.js';

interface JobsOptions extends QueueFlags {
  readonly json?: boolean;
}

/** `jobs list | show | cancel | retry`. */
export function jobsCommand(): Command {
  const jobs = new Command('jobs').description('proof jobs of a queue');
  const verb = (name: string, description: string) =>
    withQueueFlags(jobs.command(name).description(description)).option('--json', 'JSON on stdout');
  verb('list', 'all jobs, newest first').action((options: JobsOptions) =>
    withService(options, async ({ queue }, output) => {
      const found = await queue.list();
      output.result(found, found.length === 0 ? ['no jobs'] : found.map(line));
    }),
  );
  const one = (name: string, description: string, act: (service: ProofService, id: string) => Promise<Job>) =>
    verb(name, description)
      .argument('<id>', 'job, or the beginning of its id')
      .action((start: string, options: JobsOptions) =>
        withService(options, async (service, output) => {
          const job = await act(service, await wholeId(service, start));
          output.result(job, details(job));
        }),
      );
  one('show', 'one job', async ({ queue }, id) => (await queue.get(id))!);
  one('cancel', 'cancel a job', ({ queue }, id) => queue.cancel(id));
  one('retry', 'queue a failed or cancelled job again (the next worker or "prove" takes it up)', ({ queue }, id) =>
    queue.retry(id),
  );
  return jobs;
}

async function withService(
  options: JobsOptions,
  use: (service: ProofService, output: Output) => Promise<void>,
): Promise<void> {
  const service = await openService(options);
  try {
    await use(service, new Output(options.json === true));
  } finally {
    await service.close();
  }
}

async function wholeId({ queue }: ProofService, start: string): Promise<string> {
  const found = (await queue.list()).filter(({ id }) => id.startsWith(start));
  if (found.length === 1) return found[0]!.id;
  const what = found.length === 0 ? 'No job' : `${found.length} jobs`;
  throw new UsageError('USAGE_JOB', `${what} has an id that begins with "${start}".`, { hint: 'See "jobs list".' });
}

function line({ id, state, progress, createdAt, error }: Job): string {
  const when = new Date(createdAt).toISOString();
  return `${id.slice(0, 16)}  ${state.padEnd(9)} ${String(Math.round(progress * 100)).padStart(3)}%  ${when}${error === null ? '' : `  ${error.code}`}`;
}

function details(job: Job): string[] {
  return [
    `${job.id}: ${job.state}, ${job.attempts} attempts`,
    ...job.stages.map(
      ({ name, done, tasks, active, durationMs }) =>
        `  ${name.padEnd(7)} ${done}/${tasks} done, ${active} active, ${((durationMs ?? 0) / 1000).toFixed(1)} s`,
    ),
    ...(job.artifact === null ? [] : [`  bundle artifact ${job.artifact}`]),
    ...(job.error === null ? [] : [`  ${job.error.code}: ${job.error.message}`]),
  ];
}
