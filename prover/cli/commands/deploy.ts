import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { createWalletClient } from 'viem';
import { parseGenesisFile } from '../../../src/batch/batch-file.js';
import type { GenesisState } from '../../../src/batch/genesis.js';
import { RULES_V2 } from '../../../src/batch/rules.js';
import { checkParameters, DEFAULT_INTERVAL, DEFAULT_PARAMETERS } from '../../../src/dispute/parameters.js';
import { deployContracts } from '../../../src/l1/deploy.js';
import { deployVerifier } from '../../../src/l1/deploy-verifier.js';
import { deploymentText } from '../../config/deployment.js';
import { readTextFile } from '../../config/files.js';
import { KEY_SETTINGS } from '../../config/keys.js';
import { address, integer } from '../../config/options.js';
import { PARAMETER_WORDS, readParameters } from '../../config/parameters-file.js';
import { L2Node } from '../../node/node.js';
import { checkWritable, writeResult } from '../files.js';
import { keySetName, readyKeySet } from '../keys.js';
import { connectL1, failed } from '../l1.js';
import { Output } from '../output.js';
import { ACCOUNT_HELP, signer, withSettings } from '../settings.js';

/** Seconds. */
const MAX_INTERVAL = 86_400;

interface DeployOptions {
  readonly l1: string;
  readonly keySet: string;
  readonly genesis?: string;
  readonly sequencer?: string;
  readonly parameters?: string;
  readonly minInterval: string;
  readonly out: string;
  readonly json?: boolean;
}

/** `deploy`: a ProofVerifier with this machine's keys; with a genesis also the Rollup and its Dispute. */
export function deployCommand(): Command {
  const command = new Command('deploy')
    .description(
      'deploy all contracts of a rollup, or without --genesis a ProofVerifier alone (development keys: local chains only)',
    )
    .requiredOption('--l1 <rpc>', 'JSON-RPC of L1')
    .option('--key-set <name>', 'key set of circuits/shapes.json', 'default')
    .option('--genesis <file>', 'genesis file of the rollup (FORMATS.md)')
    .option('--sequencer <address>', 'who may post batches; the deployer when absent')
    .option(
      '--parameters <file>',
      'JSON object with the parameters of the dispute game that differ from the defaults; guardian must be given',
    )
    .option(
      '--min-interval <seconds>',
      'between the timestamps of two batches, at least; maxAhead must fit it',
      `${DEFAULT_INTERVAL}`,
    )
    .option('--out <file>', 'deployment file to write, for --deployment of other commands', 'deployment.json')
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', ACCOUNT_HELP)
    .action(deploy);
  return withSettings(command, KEY_SETTINGS);
}

async function deploy(flags: DeployOptions): Promise<void> {
  const output = new Output(flags.json === true);
  const account = await signer(flags);
  const keySet = keySetName(flags.keySet);
  const plan = flags.genesis === undefined ? undefined : planOf(flags, flags.genesis);
  const { chain, transport, reader, url } = await connectL1(flags.l1);
  const keys = await readyKeySet(keySet, output);
  const wallet = createWalletClient({ chain, transport, account });
  const common = { l1ChainId: chain.id, keySet, keySetHash: keys.hash };
  if (plan === undefined) {
    const verifier = await deployVerifier({ wallet, reader, keys, rules: RULES_V2 }).catch((error: unknown) =>
      failed(url, error),
    );
    output.result({ verifier, ...common }, [`ProofVerifier ${verifier} on chain ${chain.id}`]);
    return;
  }
  const { genesis, parameters, minInterval, out } = plan;
  const sequencer = plan.sequencer ?? account.address;
  const genesisRoot = await rootOf(genesis);
  const contracts = await deployContracts({
    wallet,
    reader,
    rules: RULES_V2,
    verifier: keys,
    sequencer,
    genesisRoot,
    parameters,
    minInterval,
  }).catch((error: unknown) => failed(url, error));
  const deployment = { ...contracts, ...common, sequencer, genesisRoot };
  const line = (name: string, value: bigint | string, meaning: string) => `${name.padEnd(12)} ${value}  ${meaning}`;
  const words = Object.entries(PARAMETER_WORDS).map(([name, meaning]) =>
    line(name, parameters[name as keyof typeof parameters], meaning),
  );
  await writeResult(out, deploymentText(deployment), `The contracts are deployed: ${deploymentText(deployment)}`);
  output.result({ ...deployment, parameters, minInterval, deployment: out }, [
    `Rollup ${contracts.rollup}, Dispute ${contracts.dispute}, ProofVerifier ${contracts.verifier} on chain ${chain.id}`,
    ...words,
    line('minInterval', minInterval, 'seconds between the timestamps of two batches, at least'),
    `written to ${out}`,
  ]);
}

/** Everything that can be wrong without L1 is found before L1 is asked. */
function planOf(flags: DeployOptions, file: string) {
  checkWritable(flags.out);
  const parameters =
    flags.parameters === undefined ? DEFAULT_PARAMETERS : readParameters(flags.parameters, DEFAULT_PARAMETERS);
  const minInterval = BigInt(integer('min-interval', flags.minInterval, 1, MAX_INTERVAL));
  checkParameters(parameters, minInterval);
  const sequencer = flags.sequencer === undefined ? undefined : address('sequencer', flags.sequencer);
  return { genesis: parseGenesisFile(readTextFile(file)), parameters, minInterval, sequencer, out: flags.out };
}

async function rootOf(genesis: GenesisState): Promise<bigint> {
  const path = mkdtempSync(join(tmpdir(), 'deltaproof-genesis-'));
  try {
    const node = await L2Node.open({ path, rules: RULES_V2, genesis });
    return await node.rootAfter(0n).finally(() => node.close());
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}
