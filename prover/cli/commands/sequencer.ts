import { join } from 'node:path';
import { Command } from 'commander';
import { isAddressEqual } from 'viem';
import { L1Error } from '../../../src/errors/l1.js';
import { KEY_SETTINGS } from '../../config/keys.js';
import { chooseEngine, ENGINE_OPTION, FAST_FINALITY, integer, redisUrl } from '../../config/options.js';
import { programVersion } from '../../config/version.js';
import { AnnouncementFolder } from '../../node/announcement-folder.js';
import { MERKLE_OPTION, MERKLE_WORKERS_OPTION } from '../../node/merkle-options.js';
import { SequencerService } from '../../services/sequencer.js';
import { WaitingTransactions } from '../../services/waiting.js';
import { abortOf, interruptible } from '../interrupt.js';
import { checkedKeySet } from '../keys.js';
import { openLog } from '../log.js';
import { Output } from '../output.js';
import { openService, type QueueFlags, withQueueFlags } from '../queue.js';
import { ACCOUNT_SETTINGS, connectRollup, openAccount, openNode, ROLLUP_SETTINGS } from '../rollup.js';
import { settingsOf, signer, withSettings } from '../settings.js';

const NAMES = [
  ...ROLLUP_SETTINGS,
  ...ACCOUNT_SETTINGS,
  'genesis',
  'feeRecipient',
  'rpcHost',
  'rpcPort',
  'slot',
  'look',
  'log',
] as const;

interface SequencerFlags extends QueueFlags {
  readonly concurrency: string;
  readonly engine?: string;
  readonly merkle?: string;
  readonly merkleWorkers?: string;
  readonly fastFinality?: boolean;
  readonly json?: boolean;
}

/** `sequencer`: takes transactions, posts batches with their claims, defends them. */
export function sequencerCommand(): Command {
  const command = new Command('sequencer')
    .description('run a sequencer with its JSON-RPC door until it is told to stop')
    .option('--concurrency <n>', 'proof tasks at a time with the embedded queue', '1')
    .option(...ENGINE_OPTION)
    .option(...MERKLE_OPTION)
    .option(...MERKLE_WORKERS_OPTION)
    .option(...FAST_FINALITY)
    .option('--json', 'one JSON object on stdout, when it works')
    .action(sequence);
  return withSettings(withQueueFlags(command), [...NAMES, ...KEY_SETTINGS]);
}

async function sequence(flags: SequencerFlags): Promise<void> {
  const output = new Output(flags.json === true);
  const settings = settingsOf(NAMES, flags);
  chooseEngine(flags.engine);
  const concurrency = integer('concurrency', flags.concurrency, 1, 64);
  const log = openLog('sequencer', settings.log);
  const account = await signer(flags);
  const connected = await connectRollup(settings);
  const { l1, deployment } = connected;
  if (!isAddressEqual(account.address, deployment.sequencer)) {
    throw new L1Error(
      'L1_NOT_SEQUENCER',
      `${account.address} may not post batches: the Rollup's sequencer is ${deployment.sequencer}.`,
      {
        hint: 'Give the key of the sequencer.',
      },
    );
  }
  const keySet = await checkedKeySet(deployment, output);
  const closers: (() => Promise<unknown>)[] = [];
  await interruptible(async (signal) => {
    try {
      const node = await openNode(connected, { ...flags, ...settings }, log);
      closers.push(() => node.close());
      const announced = await AnnouncementFolder.open(join(settings.store, 'announcements'));
      const waiting = await WaitingTransactions.open(join(settings.store, 'waiting'));
      closers.push(() => waiting.close());
      const proofs = await openService(flags);
      closers.push(() => proofs.close());
      if (redisUrl(flags.redis) === undefined) await proofs.queue.work({ concurrency });
      const service = await SequencerService.start({
        ...settings,
        fastFinality: flags.fastFinality === true,
        node,
        proofs,
        keySet,
        announced,
        waiting,
        log,
        l1: await openAccount(connected, settings, account, log),
        l1Url: l1.url,
        signer: account,
        feeRecipient: settings.feeRecipient ?? (account.address.toLowerCase() as `0x${string}`),
        rpc: { host: settings.rpcHost, port: settings.rpcPort },
        clientVersion: `deltaproof/${programVersion()}`,
      });
      closers.push(() => service.stop());
      output.result(
        {
          working: true,
          pid: process.pid,
          rpc: service.url,
          l1ChainId: l1.chain.id,
          sequencer: account.address,
          head: node.head,
        },
        [`Sequencer ${account.address}: JSON-RPC at ${service.url}, batch ${node.head}; stop with Ctrl-C`],
      );
      await abortOf(signal).catch(() => log.info({}, 'stopping'));
    } finally {
      for (const close of closers.reverse()) await close();
    }
  });
}
