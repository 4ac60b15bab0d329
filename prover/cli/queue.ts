import type { Command } from 'commander';
import { dataFolder, redisUrl } from '../config/options.js';
import { ProofService } from '../proving/service.js';

/** Which queue a command works with. */
export interface QueueFlags {
  readonly redis?: string;
  readonly prefix?: string;
  readonly data?: string;
}

/** Adds the options of {@link QueueFlags} to a command. */
export function withQueueFlags(command: Command): Command {
  return command
    .option('--data <folder>', 'jobs and artifacts (DELTAPROOF_DATA, default .deltaproof)')
    .option('--redis <url>', 'queue on Redis (DELTAPROOF_REDIS); else the embedded one in --data')
    .option('--prefix <name>', 'which queue on that Redis');
}

/** Opens the queue that the options name. @throws UsageError, QueueError */
export function openService({ redis: url, prefix, data }: QueueFlags): Promise<ProofService> {
  const redis = redisUrl(url);
  return ProofService.open({
    path: dataFolder(data),
    ...(redis === undefined ? {} : { redis }),
    ...(prefix === undefined ? {} : { prefix }),
  });
}
