import { Command } from 'commander';
import { UsageError } from '../../../src/errors/usage.js';
import { chooseEngine, dataFolder, ENGINE_OPTION, integer, redisUrl, withoutPassword } from '../../config/options.js';
import { checkWorker } from '../../proving/worker-check.js';
import { abortOf, interruptible } from '../interrupt.js';
import { keySetName } from '../keys.js';
import { Output } from '../output.js';
import { artifactWay, openService, type QueueFlags, withQueueFlags } from '../queue.js';

interface WorkerOptions extends QueueFlags {
  readonly concurrency: string;
  readonly engine?: string;
  readonly keySet?: string;
  readonly json?: boolean;
}

/** `worker`: joins the queue on a Redis until it is told to stop. */
export function workerCommand(): Command {
  const command = new Command('worker')
    .description('work on the jobs of a Redis queue; start as many as you like')
    .option('--concurrency <n>', 'tasks at a time', '1')
    .option('--key-set <name>', 'keys that must be here; else those of open jobs, or "default"')
    .option(...ENGINE_OPTION)
    .option('--json', 'one JSON object on stdout, when it works')
    .action(work);
  return withQueueFlags(command);
}

async function work(options: WorkerOptions): Promise<void> {
  const output = new Output(options.json === true);
  const url = redisUrl(options.redis);
  chooseEngine(options.engine);
  const concurrency = integer('concurrency', options.concurrency, 1, 64);
  if (url === undefined) {
    throw new UsageError('USAGE_REDIS', 'A worker needs the queue that it works for.', {
      hint: 'Give --redis <url>. Without Redis, "prove" and "demo" do their work themselves.',
    });
  }
  const redis = withoutPassword(url);
  const data = dataFolder(options.data);
  await interruptible(async (signal) => {
    const service = await openService(options);
    try {
      const { version, keySets } = await checkWorker(service.queue, options.keySet && keySetName(options.keySet));
      const artifacts = artifactWay(options.artifacts);
      await service.queue.work({ concurrency });
      const way = artifacts === 'queue' ? `through Redis, kept in ${data}` : `in the shared folder ${data}`;
      output.result({ working: true, pid: process.pid, redis, data, concurrency, version, keySets, artifacts }, [
        `Working for ${redis}, version ${version}, keys ${keySets.join(', ')}, artifacts ${way}; stop with Ctrl-C`,
      ]);
      // To be told to stop is how a worker ends.
      await abortOf(signal).catch(() => output.step('Handing running tasks back'));
    } finally {
      await service.close();
    }
  });
}
