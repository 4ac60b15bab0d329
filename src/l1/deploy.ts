import { type Address, getContractAddress, type Hex, isAddressEqual, type PublicClient } from 'viem';
import { Dispute, Rollup } from '../../contracts/generated/artifacts.js';
import type { Rules } from '../batch/types.js';
import { checkParameters, checkRules, DEFAULT_INTERVAL, type Parameters } from '../dispute/parameters.js';
import { L1Error } from '../errors/l1.js';
import { deployContract } from './deploy-contract.js';
import { deployVerifier, rulesCalldata } from './deploy-verifier.js';
import type { Wallet } from './send-call.js';

/** What {@link deployContracts} takes. */
export interface Deployment {
  /** Signs and pays; sends nothing else meanwhile. */
  readonly wallet: Wallet;
  readonly reader: PublicClient;
  readonly rules: Rules;
  /** FORMATS.md, "Key set"; or the address of a verifier that is deployed already. */
  readonly verifier: { readonly blob: Hex; readonly development: boolean } | Address;
  readonly sequencer: Address;
  /** State root of genesis: final root 0. */
  readonly genesisRoot: bigint;
  readonly parameters: Parameters;
  /** Blocks; the oldest L1 origin of a batch. */
  readonly maxOriginLag?: bigint;
  /** Seconds; the oldest timestamp of a batch. */
  readonly maxTimestampLag?: bigint;
  /** Seconds between the timestamps of two batches, at least. */
  readonly minInterval?: bigint;
}

/** Where the contracts stand. */
export interface DeployedContracts {
  readonly verifier: Address;
  readonly rollup: Address;
  readonly dispute: Address;
  /** L1 block of the last deployment: no log is older than the Rollup's, a few blocks before. */
  readonly block: bigint;
}

/** L1 knows the hashes of 256 blocks; a batch that waits for 20 minutes is still accepted. */
const DEFAULT_ORIGIN_LAG = 100n;
/** Seconds: as long as the origin lag. */
const DEFAULT_TIMESTAMP_LAG = 1_200n;

/**
 * Deploys ProofVerifier (unless given), Rollup and Dispute. The latter two name each other, so the Dispute's address is
 * computed from the deployer's nonce beforehand.
 * @throws DisputeError `DISPUTE_PARAMETERS`
 * @throws L1Error `L1_REVERTED` when a deployment fails, `L1_DEPLOY` when the deployer sent something in between
 */
export async function deployContracts(options: Deployment): Promise<DeployedContracts> {
  const { wallet, reader, rules, sequencer, genesisRoot, parameters, minInterval = DEFAULT_INTERVAL } = options;
  checkParameters(parameters, minInterval);
  checkRules(rules);
  const verifier =
    typeof options.verifier === 'string'
      ? options.verifier
      : await deployVerifier({ wallet, reader, rules, keys: options.verifier });
  const from = wallet.account.address;
  const nonce = await reader.getTransactionCount({ address: from, blockTag: 'pending' });
  const dispute = getContractAddress({ from, nonce: BigInt(nonce) + 1n });
  const config = {
    sequencer,
    dispute,
    maxOriginLag: options.maxOriginLag ?? DEFAULT_ORIGIN_LAG,
    maxTimestampLag: options.maxTimestampLag ?? DEFAULT_TIMESTAMP_LAG,
    minInterval,
  };
  const rollupArgs = [config, rulesCalldata(rules)];
  const first = await deployContract({ wallet, reader, name: 'Rollup', artifact: Rollup, args: rollupArgs, nonce });
  const args = [first.address, verifier, genesisRoot, parameters];
  const second = await deployContract({ wallet, reader, name: 'Dispute', artifact: Dispute, args, nonce: nonce + 1 });
  if (!isAddressEqual(second.address, dispute)) {
    throw new L1Error('L1_DEPLOY', `Dispute is at ${second.address}, the Rollup expects it at ${dispute}.`, {
      hint: 'The deployer must not send other transactions meanwhile; deploy again.',
    });
  }
  return { verifier, rollup: first.address, dispute, block: second.block };
}
