import { join } from 'node:path';
import { type Address, isAddressEqual, type LocalAccount, type PublicClient, parseEther } from 'viem';
import { parseGenesisFile } from '../../src/batch/batch-file.js';
import type { Rules } from '../../src/batch/types.js';
import { L1Error } from '../../src/errors/l1.js';
import { createDisputeClient, type DisputeClient } from '../../src/l1/dispute-client.js';
import { createRollupClient, type RollupClient } from '../../src/l1/rollup-client.js';
import { StoredIntents } from '../agents/intents.js';
import { L1Account } from '../agents/l1-account.js';
import { type DeploymentFile, readDeployment } from '../config/deployment.js';
import { readTextFile } from '../config/files.js';
import type { Settings } from '../config/settings.js';
import { merkleOptions } from '../node/merkle-options.js';
import { L2Node } from '../node/node.js';
import { tellAgent, tellNode, tellSent } from '../services/facts.js';
import { openMarked } from '../services/last-run.js';
import type { Log } from '../services/log.js';
import { checkStoreOwner } from '../services/store-owner.js';
import { type ConnectedL1, connectEndpoints, failed } from './l1.js';

/** The settings that say which rollup a command is about. */
export const ROLLUP_SETTINGS = ['l1', 'deployment'] as const;

/** A rollup on an L1 that has answered. */
export interface ConnectedRollup {
  readonly l1: ConnectedL1;
  readonly deployment: DeploymentFile;
  readonly dispute: DisputeClient;
  readonly rollup: RollupClient;
  readonly rules: Rules;
}

/**
 * Finds the deployment's contracts on L1.
 * @throws UsageError `USAGE_DEPLOYMENT`; L1Error `L1_WRONG_CHAIN`, `L1_NO_DISPUTE`, `L1_UNREACHABLE`
 */
export async function connectRollup(settings: Settings<(typeof ROLLUP_SETTINGS)[number]>): Promise<ConnectedRollup> {
  const deployment = readDeployment(settings.deployment);
  const l1 = await connectEndpoints(settings.l1, deployment.l1ChainId);
  const reader = l1.reader as PublicClient;
  const dispute = createDisputeClient(reader, deployment.dispute);
  const rollup = createRollupClient(reader, deployment.rollup);
  if (
    ((await reader.getCode({ address: deployment.dispute }).catch((error: unknown) => failed(l1.url, error))) ??
      '0x') === '0x'
  ) {
    throw noDispute(`there is no contract at ${deployment.dispute} on ${l1.url}`);
  }
  const found = await dispute.contracts().catch((): never => {
    throw noDispute(`${deployment.dispute} is no Dispute contract`);
  });
  const differs = (['rollup', 'verifier'] as const).find((name) => !isAddressEqual(found[name], deployment[name]));
  if (differs !== undefined)
    throw noDispute(`the Dispute works with ${differs} ${found[differs]}, and the file says ${deployment[differs]}`);
  const rules = await rollup.rules().catch((error: unknown) => failed(l1.url, error));
  return { l1, deployment, dispute, rollup, rules };
}

function noDispute(why: string): L1Error {
  return new L1Error('L1_NO_DISPUTE', `This is not the rollup of the deployment file: ${why}.`, {
    hint: 'Was L1 started anew, or is this the deployment file of another rollup?',
  });
}

/** The settings of an account whose transactions outlive its process. */
export const ACCOUNT_SETTINGS = ['l1Agree', 'maxBond', 'store'] as const;

/**
 * Opens the account of a service. What it sends is stored in the node's folder before, so that the next process goes on with it.
 * @throws StateUnavailableError `STATE_LOCKED` while another process has it; L1Error `L1_ENDPOINTS_DISAGREE` when fewer nodes are named
 * than must agree
 */
export async function openAccount(
  { l1, deployment }: ConnectedRollup,
  { l1: url, l1Agree: agreeing, maxBond, store }: Settings<'l1' | (typeof ACCOUNT_SETTINGS)[number]>,
  account: LocalAccount,
  log: Log,
): Promise<L1Account> {
  const intents = await StoredIntents.open(join(store, 'intents', account.address.toLowerCase()));
  try {
    return new L1Account({
      url,
      agreeing,
      chain: l1.chain,
      account,
      contracts: deployment,
      intents,
      mostBonded: parseEther(maxBond),
      onSent: tellSent(log),
      tell: tellAgent(log),
    });
  } catch (error) {
    await intents.close();
    throw error;
  }
}

/** What a service's node is told. */
export interface NodeSettings {
  readonly store: string;
  readonly genesis: string | undefined;
  readonly merkle?: string;
  readonly merkleWorkers?: string;
}

/**
 * Opens the node of a service; its stores are checked before when its last process was cut off.
 * @throws StateError `STATE_CORRUPT`, `STATE_OTHER_CHAIN`, `STATE_LOCKED`, `STATE_NO_GENESIS`, `STATE_OTHER_ROOT`;
 * UsageError `USAGE_FILE`; BatchError
 */
export async function openNode(
  { deployment, rules }: ConnectedRollup,
  options: NodeSettings,
  log: Log,
): Promise<L2Node> {
  const { store, genesis } = options;
  checkStoreOwner(store, deployment);
  const { mode, workers } = merkleOptions(options);
  const nodeOptions = {
    path: store,
    rules,
    announcer: deployment.sequencer.toLowerCase() as Address,
    merkle: { mode, workers },
    tell: tellNode(log),
    ...(genesis === undefined ? {} : { genesis: parseGenesisFile(readTextFile(genesis)) }),
  };
  return openMarked(store, log, () => L2Node.open(nodeOptions));
}
