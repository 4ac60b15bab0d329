import { Command } from 'commander';
import type { PublicClient } from 'viem';
import { messageOf } from '../../../src/errors/base.js';
import { announcementsFrom } from '../../agents/announcements.js';
import { KEY_SETTINGS } from '../../config/keys.js';
import { chooseEngine, ENGINE_OPTION, integer, redisUrl } from '../../config/options.js';
import type { Settings } from '../../config/settings.js';
import { MERKLE_OPTION, MERKLE_WORKERS_OPTION } from '../../node/merkle-options.js';
import type { L2Node } from '../../node/node.js';
import { runChallenger } from '../../services/challenger.js';
import { runWatcher } from '../../services/watcher.js';
import { interruptible } from '../interrupt.js';
import { checkedKeySet } from '../keys.js';
import { openLog } from '../log.js';
import { Output } from '../output.js';
import { openService, type QueueFlags, withQueueFlags } from '../queue.js';
import {
  ACCOUNT_SETTINGS,
  type ConnectedRollup,
  connectRollup,
  openAccount,
  openNode,
  ROLLUP_SETTINGS,
} from '../rollup.js';
import { settingsOf, signer, withSettings } from '../settings.js';

const NAMES = [...ROLLUP_SETTINGS, 'genesis', 'store', 'look', 'announcements', 'log'] as const;
/** What only one that stakes is told. */
const STAKING = ACCOUNT_SETTINGS.filter((name) => name !== 'store');

interface ChallengerFlags extends QueueFlags {
  readonly watchOnly?: boolean;
  readonly concurrency: string;
  readonly engine?: string;
  readonly merkle?: string;
  readonly merkleWorkers?: string;
  readonly json?: boolean;
}

/** `challenger`: follows L1, disputes what is false, plays its games. */
export function challengerCommand(): Command {
  const command = new Command('challenger')
    .description('run a challenger until it is told to stop')
    .option('--watch-only', 'send nothing: say which claims are false; needs no account')
    .option('--concurrency <n>', 'proof tasks at a time with the embedded queue', '1')
    .option(...ENGINE_OPTION)
    .option(...MERKLE_OPTION)
    .option(...MERKLE_WORKERS_OPTION)
    .option('--json', 'one JSON object on stdout, when it works')
    .action(challenge);
  return withSettings(withQueueFlags(command), [...NAMES, ...STAKING, ...KEY_SETTINGS]);
}

async function challenge(flags: ChallengerFlags): Promise<void> {
  const output = new Output(flags.json === true);
  const settings = settingsOf(NAMES, flags);
  const log = openLog('challenger', settings.log);
  const staking = flags.watchOnly === true ? undefined : await stakingOf(flags);
  const connected = await connectRollup(settings);
  await interruptible(async (signal) => {
    const node = await openNode(connected, { ...flags, ...settings }, log);
    try {
      const door = settings.announcements;
      const announcements =
        door === undefined
          ? {}
          : {
              announcements: announcementsFrom(door, { rules: connected.rules, signal }, (error) =>
                log.warn({ why: messageOf(error) }, 'no announcement'),
              ),
            };
      const common = { node, look: settings.look, log, signal, l1Url: connected.l1.url, ...announcements };
      if (staking === undefined) {
        ready(output, connected, node, null);
        const { rollup, dispute, deployment: contracts } = connected;
        const reader = connected.l1.reader as PublicClient;
        await runWatcher({ ...common, l1: { rollup, dispute, contracts, reader } });
      } else await play({ ...staking, flags, settings, connected, output }, common);
      log.info({}, 'stopped');
    } finally {
      await node.close();
    }
  });
}

/** What only one that stakes needs; asked for before anything is opened. */
async function stakingOf(flags: ChallengerFlags) {
  const bonds = settingsOf(STAKING, flags);
  chooseEngine(flags.engine);
  const concurrency = integer('concurrency', flags.concurrency, 1, 64);
  return { bonds, concurrency, account: await signer(flags) };
}

interface Playing extends Awaited<ReturnType<typeof stakingOf>> {
  readonly flags: ChallengerFlags;
  readonly settings: Settings<'l1' | 'store'>;
  readonly connected: ConnectedRollup;
  readonly output: Output;
}

async function play(
  { bonds, concurrency, account, flags, settings, connected, output }: Playing,
  common: Omit<Parameters<typeof runChallenger>[0], 'l1' | 'proofs' | 'keys'>,
): Promise<void> {
  const { name: keySet, hash: keySetHash } = await checkedKeySet(connected.deployment, output);
  const proofs = await openService(flags);
  try {
    if (redisUrl(flags.redis) === undefined) await proofs.queue.work({ concurrency });
    const l1 = await openAccount(connected, { ...settings, ...bonds }, account, common.log);
    ready(output, connected, common.node, account.address);
    await runChallenger({ ...common, l1, proofs, keys: { keySet, keySetHash } });
  } finally {
    await proofs.close();
  }
}

function ready(output: Output, { l1, deployment }: ConnectedRollup, node: L2Node, account: string | null): void {
  output.result(
    { working: true, pid: process.pid, l1ChainId: l1.chain.id, dispute: deployment.dispute, account, head: node.head },
    [
      `${account === null ? 'Watching' : `Challenger ${account}:`} Dispute ${deployment.dispute}, batch ${node.head}; stop with Ctrl-C`,
    ],
  );
}
