import type { Address, Hex, PublicClient } from 'viem';
import { ProofVerifier } from '../../contracts/generated/artifacts.js';
import type { Rules } from '../batch/types.js';
import { deployContract } from './deploy-contract.js';
import type { Wallet } from './send-call.js';

/** Solidity's `Rules`. */
export interface RulesCalldata extends Omit<Rules, 'maxItems' | 'maxBytes'> {
  readonly maxItems: bigint;
  readonly maxBytes: bigint;
}

/** Rules as a contract's argument. */
export function rulesCalldata(rules: Rules): RulesCalldata {
  return { ...rules, maxItems: BigInt(rules.maxItems), maxBytes: BigInt(rules.maxBytes) };
}

/** What {@link deployVerifier} takes. */
export interface VerifierDeployment {
  /** Signs and pays. */
  readonly wallet: Wallet;
  readonly reader: PublicClient;
  /** FORMATS.md, "Key set". */
  readonly keys: {
    readonly blob: Hex;
    readonly development: boolean;
  };
  readonly rules: Rules;
}

/**
 * Deploys `ProofVerifier` with its keys and returns its address.
 * @throws what {@link deployContract} throws; the contract's own errors are `KeysOfOtherRules`, `DegenerateKey`, `DevelopmentKeys`, ...
 */
export async function deployVerifier({ wallet, reader, keys, rules }: VerifierDeployment): Promise<Address> {
  const args = [keys.blob, rulesCalldata(rules), keys.development];
  return (await deployContract({ wallet, reader, name: 'ProofVerifier', artifact: ProofVerifier, args })).address;
}
