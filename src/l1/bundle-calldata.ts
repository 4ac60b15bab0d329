import type { Address, Hex } from 'viem';
import type { Header } from '../batch/types.js';
import { MODE_NUMBER } from '../proof/transcript.js';
import type { Bundle } from '../proof/types.js';
import { encodeL1Transactions } from './l1-transactions.js';
import { decodeTables } from './tables.js';

/** The Solidity struct `Bundle` as viem takes it. */
export interface BundleCalldata {
  readonly header: Header;
  readonly preRoot: bigint;
  readonly mode: number;
  readonly value: bigint;
  readonly beneficiary: Address;
  readonly txs: Hex;
  readonly tables: Hex;
  readonly proofs: Hex;
}

/**
 * A bundle as the argument of `ProofVerifier.verify` and `Dispute.prove`. What only the transcript needs (L1's chain id,
 * verifier, key set) stays behind: L1 knows these itself.
 * @throws StatementError `BadTables`, `NotSorted`, `BadRun`, `EmptyCode`, `WrongTransactions`
 */
export function bundleCalldata(bundle: Bundle): BundleCalldata {
  const { header, preRoot, mode, value, beneficiary, tables, proofs } = bundle;
  const txs = encodeL1Transactions(bundle.txs, decodeTables(tables).read);
  return { header, preRoot, mode: MODE_NUMBER[mode], value, beneficiary, txs, tables, proofs };
}
