import { Command } from 'commander';
import { UsageError } from '../../../src/errors/usage.js';
import { dataFolder, integer, redisUrl } from '../../config/options.js';
import { ProofService } from '../../proving/service.js';
import { Output } from '../output.js';

interface WorkerOptions {
  readonly redis?: string;
  readonly prefix?: string;
  readonly data?: string;
  readonly concurrency: string;
}

/** `worker`: joins the queue on a Redis until it is told to stop. */
export function workerCommand(): Command {
  return new Command('worker')
    .description('work on the jobs of a Redis queue; start as many as you like')
    .option('--redis <url>', 'the queue (DELTAPROOF_REDIS)')
    .option('--prefix <name>', 'which queue on that Redis')
    .option('--data <folder>', 'artifacts, shared by all workers (DELTAPROOF_DATA, default .deltaproof)')
    .option('--concurrency <n>', 'tasks at a time', '1')
    .action(work);
}

async function work({ redis: url, prefix, data, concurrency }: WorkerOptions): Promise<void> {
  const output = new Output(false);
  const redis = redisUrl(url);
  if (redis === undefined) {
    throw new UsageError('USAGE_REDIS', 'A worker needs the queue that it works for.', {
      hint: 'Give --redis <url>. Without Redis, "prove" and "demo" do their work themselves.',
    });
  }
  const path = dataFolder(data);
  const service = await ProofService.open({ path, redis, ...(prefix === undefined ? {} : { prefix }) });
  await service.queue.work({ concurrency: integer('concurrency', concurrency, 1, 64) });
  output.step(`Working for ${redis}, artifacts in ${path}; stop with Ctrl-C`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  output.step('Handing running tasks back');
  await service.close();
}
