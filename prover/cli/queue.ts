import type { Command } from 'commander';
import { choice, dataFolder, packingCost, redisUrl, setting } from '../config/options.js';
import { ProofService } from '../proving/service.js';
import { ARTIFACT_WAYS } from '../queue/open.js';
import { queueLog } from './queue-log.js';

/** Which queue a command works with. */
export interface QueueFlags {
  readonly redis?: string;
  readonly prefix?: string;
  readonly data?: string;
  readonly packing?: string;
  readonly artifacts?: string;
  readonly json?: boolean;
}

/** Help of `--packing`. */
export const PACKING_HELP =
  'what one more proof, kind of shape and committed cell are worth, in L1 gas (DELTAPROOF_PACKING)';

/** Adds the options of {@link QueueFlags} to a command. */
export function withQueueFlags(command: Command): Command {
  return command
    .option('--data <folder>', 'jobs and artifacts (DELTAPROOF_DATA, default .deltaproof)')
    .option('--redis <url>', 'queue on Redis (DELTAPROOF_REDIS); else the embedded one in --data')
    .option('--prefix <name>', 'which queue on that Redis')
    .option(
      '--artifacts <queue|folder>',
      'with Redis: artifacts go through it (default), or all machines share --data (DELTAPROOF_ARTIFACTS)',
    );
}

/** Opens the queue that the options name. @throws UsageError, QueueError */
export function openService({ redis: url, prefix, data, packing, artifacts, json }: QueueFlags): Promise<ProofService> {
  const redis = redisUrl(url);
  const cost = packingCost(packing);
  return ProofService.open({
    path: dataFolder(data),
    way: artifactWay(artifacts),
    ...queueLog(json === true),
    ...(redis === undefined ? {} : { redis }),
    ...(prefix === undefined ? {} : { prefix }),
    ...(cost === undefined ? {} : { packing: cost }),
  });
}

/** `--artifacts`, `DELTAPROOF_ARTIFACTS`, else `queue`. @throws UsageError `USAGE_CHOICE` */
export function artifactWay(flag: string | undefined): (typeof ARTIFACT_WAYS)[number] {
  return choice('artifacts', setting(flag, 'DELTAPROOF_ARTIFACTS', 'queue'), ARTIFACT_WAYS);
}
