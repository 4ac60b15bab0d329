import type { Command } from 'commander';
import { dataFolder, packingCost, redisUrl } from '../config/options.js';
import { ProofService } from '../proving/service.js';

/** Which queue a command works with. */
export interface QueueFlags {
  readonly redis?: string;
  readonly prefix?: string;
  readonly data?: string;
  readonly packing?: string;
}

/** Help of `--packing`. */
export const PACKING_HELP =
  'what one more proof, kind of shape and committed cell are worth, in L1 gas (DELTAPROOF_PACKING)';

/** Adds the options of {@link QueueFlags} to a command. */
export function withQueueFlags(command: Command): Command {
  return command
    .option('--data <folder>', 'jobs and artifacts (DELTAPROOF_DATA, default .deltaproof)')
    .option('--redis <url>', 'queue on Redis (DELTAPROOF_REDIS); else the embedded one in --data')
    .option('--prefix <name>', 'which queue on that Redis');
}

/** Opens the queue that the options name. @throws UsageError, QueueError */
export function openService({ redis: url, prefix, data, packing }: QueueFlags): Promise<ProofService> {
  const redis = redisUrl(url);
  const cost = packingCost(packing);
  return ProofService.open({
    path: dataFolder(data),
    ...(redis === undefined ? {} : { redis }),
    ...(prefix === undefined ? {} : { prefix }),
    ...(cost === undefined ? {} : { packing: cost }),
  });
}
