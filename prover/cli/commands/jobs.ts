import { Command } from 'commander';
import { UsageError } from '../../../src/errors/usage.js';
import { integer } from '../../config/options.js';
import type { ProofService } from '../../proving/service.js';
import type { Job } from '../../queue/types.js';
import { checkWritable, writeResult } from '../files.js';
import { interruptible } from '../interrupt.js';
import { jobDetails, jobLine, jobPath } from '../job-text.js';
import { Output } from '../output.js';
import { openService, type QueueFlags, withQueueFlags } from '../queue.js';

interface JobsOptions extends QueueFlags {
  readonly json?: boolean;
}

/** `jobs list | show | wait | bundle | cancel | retry | prune`. */
export function jobsCommand(): Command {
  const jobs = new Command('jobs').description('proof jobs of a queue');
  const verb = (name: string, description: string) =>
    withQueueFlags(jobs.command(name).description(description)).option('--json', 'JSON on stdout');
  verb('list', 'all jobs, newest first').action((options: JobsOptions) =>
    withService(options, async ({ queue }, output) => {
      const found = await queue.list();
      output.result(found, found.length === 0 ? ['no jobs'] : found.map(jobLine));
    }),
  );
  const ofOne = (name: string, description: string) =>
    verb(name, description).argument('<job>', 'batch/mode or batch/mode/game, or the beginning of its id');
  const one = (name: string, description: string, act: (service: ProofService, id: string) => Promise<Job>) =>
    ofOne(name, description).action((which: string, options: JobsOptions) =>
      withService(options, async (service, output) => {
        const job = await act(service, await wholeId(service, which));
        output.result(job, jobDetails(job));
      }),
    );
  one('show', 'one job', async ({ queue }, id) => (await queue.get(id))!);
  one('wait', 'wait until a job is done; fails when the job does', ({ queue }, id) =>
    interruptible((signal) => queue.wait(id, { signal })),
  );
  ofOne('bundle', 'write the bundle of a job that is done')
    .option('--out <file>', 'where it goes (default: <job>.bundle.json)')
    .action((which: string, options: JobsOptions & { readonly out?: string }) =>
      withService(options, (service, output) => writeBundle(service, which, options.out, output)),
    );
  one('cancel', 'cancel a job', ({ queue }, id) => queue.cancel(id));
  one('retry', 'queue a failed or cancelled job again (the next worker or "prove" takes it up)', ({ queue }, id) =>
    queue.retry(id),
  );
  verb('prune', 'forget closed jobs, and the artifacts that no other job names')
    .option('--older-than <hours>', 'closed at least so long ago', '168')
    .action((options: JobsOptions & { readonly olderThan: string }) =>
      withService(options, async ({ queue }, output) => {
        const pruned = await queue.prune(integer('older-than', options.olderThan, 0, 1_000_000) * 3_600_000);
        output.result(pruned, [`forgotten: ${pruned.jobs} jobs, ${pruned.artifacts} artifacts`]);
      }),
    );
  return jobs;
}

async function writeBundle(
  service: ProofService,
  which: string,
  file: string | undefined,
  output: Output,
): Promise<void> {
  const id = await wholeId(service, which);
  const found = (await service.queue.get(id))!;
  if (found.state !== 'done') {
    throw new UsageError('USAGE_JOB', `Job ${id} has no bundle: it is ${found.state}.`, { hint: 'See "jobs wait".' });
  }
  const out = file ?? `${jobPath(found).replaceAll('/', '-') || id}.bundle.json`;
  checkWritable(out);
  const { text } = await service.bundleOf(id);
  await writeResult(out, text, 'The bundle is kept in the queue.');
  output.result({ bundle: out, job: id }, [out]);
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

async function wholeId({ queue }: ProofService, which: string): Promise<string> {
  const all = await queue.list();
  const named = all.filter((job) => jobPath(job) === which);
  const found = named.length > 0 ? named : all.filter(({ id }) => id.startsWith(which));
  if (found.length === 1) return found[0]!.id;
  const what = found.length === 0 ? `No job is called "${which}"` : `${found.length} jobs are called "${which}"`;
  throw new UsageError('USAGE_JOB', `${what}, or has an id that begins so.`, { hint: 'See "jobs list".' });
}
