import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { parseEther } from 'viem';
import { checkParameters, LOCAL_INTERVAL, LOCAL_PARAMETERS } from '../../../src/dispute/parameters.js';
import { UsageError } from '../../../src/errors/usage.js';
import { chooseEngine, ENGINE_OPTION, FAST_FINALITY, integer, redisUrl } from '../../config/options.js';
import { readParameters } from '../../config/parameters-file.js';
import { Devnet, type DevnetDescription } from '../../demo/devnet.js';
import { accountOf } from '../../demo/world.js';
import { type Forgery, forgeBatch } from '../../node/forgery.js';
import { MERKLE_OPTION, MERKLE_WORKERS_OPTION, merkleOptions } from '../../node/merkle-options.js';
import { abortOf, interruptible } from '../interrupt.js';
import { readyKeySet } from '../keys.js';
import { openLog } from '../log.js';
import { Output } from '../output.js';
import { settingsOf, withSettings } from '../settings.js';

const NAMES = ['rpcHost', 'rpcPort', 'log'] as const;

interface DevnetFlags {
  readonly path?: string;
  readonly seed: string;
  readonly accounts: string;
  readonly l1Port: string;
  readonly slot: string;
  readonly parameters?: string;
  readonly maxBond: string;
  readonly lie?: string;
  readonly concurrency: string;
  readonly keySet: string;
  readonly redis?: string;
  readonly engine?: string;
  readonly merkle?: string;
  readonly merkleWorkers?: string;
  readonly fastFinality?: boolean;
  readonly json?: boolean;
}

/** `devnet`: L1, contracts, funded accounts and a sequencer in one process. */
export function devnetCommand(): Command {
  const command = new Command('devnet')
    .description(
      'a private L1 with the contracts, funded accounts and a sequencer with its JSON-RPC door, until it is told to stop',
    )
    .option(
      '--path <folder>',
      'a new folder for stores, deployment, genesis and keys; else a temporary one, removed at the end',
    )
    .option('--seed <text>', 'draws the genesis', '1')
    .option('--accounts <n>', 'accounts at genesis', '1000')
    .option('--l1-port <port>', 'port of L1', '8545')
    .option('--slot <seconds>', 'seconds between batches', '2')
    .option('--parameters <file>', 'parameters of the dispute game that differ from the local ones')
    .option('--max-bond <ether>', 'ether that its sequencer may have at stake in all', '1000')
    .option('--lie <batch>', 'the sequencer claims a false result of this batch, for a challenger to dispute')
    .option('--concurrency <n>', 'proof tasks at a time with the embedded queue', '1')
    .option('--key-set <name>', 'key set of circuits/shapes.json', 'default')
    .option('--redis <url>', 'job queue on Redis (DELTAPROOF_REDIS): proofs are left to workers')
    .option(...ENGINE_OPTION)
    .option(...MERKLE_OPTION)
    .option(...MERKLE_WORKERS_OPTION)
    .option(...FAST_FINALITY)
    .option('--json', 'one JSON object on stdout, when it works')
    .action(devnet);
  return withSettings(command, NAMES);
}

async function devnet(flags: DevnetFlags): Promise<void> {
  const output = new Output(flags.json === true);
  const settings = settingsOf(NAMES, flags);
  const log = openLog('devnet', settings.log);
  chooseEngine(flags.engine);
  const redis = redisUrl(flags.redis);
  const guardian = accountOf('guardian').address;
  const local = { ...LOCAL_PARAMETERS, guardian };
  const parameters = flags.parameters === undefined ? local : readParameters(flags.parameters, local);
  checkParameters(parameters, LOCAL_INTERVAL);
  const numbers = {
    accounts: integer('accounts', flags.accounts, 100, 1_000_000),
    l1Port: integer('l1-port', flags.l1Port, 1, 65_535),
    slot: integer('slot', flags.slot, 1, 3_600),
    concurrency: integer('concurrency', flags.concurrency, 1, 64),
  };
  const onForged = ({ number, truth, claimed }: Forgery) => log.warn({ batch: `${number}`, truth, claimed }, 'lies');
  const lie = flags.lie === undefined ? undefined : BigInt(integer('lie', flags.lie, 1, 1_000_000));
  const lying = lie === undefined ? {} : { sequencer: { tamper: forgeBatch(lie, flags.seed, onForged) } };
  const mostBonded = parseEther(settingsOf(['maxBond'], flags).maxBond);
  const merkle = merkleOptions(flags);
  const path = newFolder(flags.path);
  try {
    const keySet = await readyKeySet(flags.keySet, output);
    await interruptible(async (signal) => {
      const { seed } = flags;
      const rpc = { host: settings.rpcHost, port: settings.rpcPort };
      const queue = redis === undefined ? {} : { redis };
      const net = await Devnet.start({
        keySet,
        path,
        seed,
        parameters,
        merkle,
        rpc,
        fastFinality: flags.fastFinality === true,
        log,
        mostBonded,
        ...numbers,
        ...lying,
        ...queue,
      });
      try {
        output.result({ working: true, pid: process.pid, ...net.description }, lines(net.description));
        await abortOf(signal).catch(() => log.info({}, 'stopping'));
      } finally {
        await net.close();
      }
    });
  } finally {
    if (flags.path === undefined) rmSync(path, { recursive: true, force: true });
  }
}

function newFolder(path: string | undefined): string {
  if (path === undefined) return mkdtempSync(join(tmpdir(), 'deltaproof-devnet-'));
  if (existsSync(path) && readdirSync(path).length > 0) {
    throw new UsageError('USAGE_FILE', `${path} is not empty: an L1 that begins anew needs new stores.`, {
      hint: 'Name a new folder with --path.',
    });
  }
  return resolve(path);
}

function lines({ l1, rpc, deployment, genesis, queue, keys, funded, l2ChainId }: DevnetDescription): string[] {
  return [
    `L1            ${l1} (chain 31337)`,
    `L2 JSON-RPC   ${rpc} (chain ${l2ChainId})`,
    `deployment    ${deployment}`,
    `genesis       ${genesis}`,
    ...(queue === undefined ? [] : [`workers       deltaproof worker --redis <url> --prefix ${queue.prefix}`]),
    ...Object.entries(keys).map(([role, file]) => `key           ${role.padEnd(10)} ${file}`),
    ...funded.map(({ address, privateKey }) => `funded on L2  ${address} ${privateKey}`),
    'Stop with Ctrl-C. All keys are published ones: they guard nothing.',
  ];
}
