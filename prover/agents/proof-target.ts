import type { Hex } from 'viem';
import type { ProofTarget } from '../proving/service.js';
import type { L1Account } from './l1-account.js';

/** What an account's proofs are for: the deployed verifier, and the account itself as who is paid. */
export function proofTarget(
  { reader, contracts, account }: Pick<L1Account, 'reader' | 'contracts' | 'account'>,
  keys: { readonly keySet: string; readonly keySetHash: Hex },
): ProofTarget {
  const l1ChainId = BigInt(reader.chain!.id);
  return { ...keys, l1ChainId, verifier: contracts.verifier, beneficiary: account.address };
}
