import type { Account, Address, Chain, Hex, PublicClient, Transport, WalletClient } from 'viem';
import { ProofVerifier } from '../../contracts/generated/artifacts.js';
import type { Rules } from '../batch/types.js';
import { L1Error } from '../errors/l1.js';
import type { ShapeSpec } from '../proof/types.js';
import { checkKeysFit } from './keys-fit.js';

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
  readonly wallet: WalletClient<Transport, Chain | undefined, Account>;
  /** Waits for the receipt. */
  readonly reader: Pick<PublicClient, 'waitForTransactionReceipt'>;
  /** FORMATS.md, "Key set". */
  readonly keys: {
    readonly blob: Hex;
    readonly development: boolean;
    /** Of a key set: checked against the rules. */
    readonly shapes?: readonly { readonly spec: ShapeSpec }[];
  };
  readonly rules: Rules;
}

/**
 * Deploys `ProofVerifier` with its keys and returns its address.
 * @throws L1Error `L1_KEYS_OTHER_RULES` when the circuits are not those of the rules; `L1_REVERTED` when the transaction fails; viem's error, with the contract's own (`DegenerateKey`,
 * `DevelopmentKeys`, ...) inside, when L1 refuses it before
 */
export async function deployVerifier({ wallet, reader, keys, rules }: VerifierDeployment): Promise<Address> {
  checkKeysFit(rules, keys.shapes ?? []);
  const hash = await wallet.deployContract({
    abi: ProofVerifier.abi,
    bytecode: ProofVerifier.bytecode,
    args: [keys.blob, rulesCalldata(rules), keys.development],
    chain: wallet.chain ?? null,
  });
  const { contractAddress, status } = await reader.waitForTransactionReceipt({ hash });
  if (status !== 'success' || !contractAddress) {
    throw new L1Error('L1_REVERTED', `Deploying ProofVerifier failed in transaction ${hash}.`);
  }
  return contractAddress;
}
