import type { Address, Hex } from 'viem';
import type { Header } from '../batch/types.js';
import { MODE_NUMBER } from '../proof/transcript.js';
import type { Bundle } from '../proof/types.js';

/** The Solidity struct `Statement` as viem takes it. */
export interface StatementCalldata {
  readonly header: Header;
  readonly preRoot: bigint;
  readonly mode: number;
  readonly value: bigint;
  readonly beneficiary: Address;
}

/** A bundle as the arguments of `ProofVerifier.verify`, `Dispute.prove` and the like. */
export interface BundleCalldata {
  readonly statement: StatementCalldata;
  readonly parts: readonly Hex[];
}

/** What L1 takes of a bundle. What only the transcript needs (L1's chain id, verifier, keys, rules) L1 knows itself. */
export function bundleCalldata(bundle: Bundle): BundleCalldata {
  return { statement: statementCalldata(bundle), parts: bundle.parts };
}

/** The statement that a bundle proves, and for whom. */
export function statementCalldata({
  header,
  preRoot,
  mode,
  value,
  beneficiary,
}: Pick<Bundle, 'header' | 'preRoot' | 'mode' | 'value' | 'beneficiary'>): StatementCalldata {
  return { header, preRoot, mode: MODE_NUMBER[mode], value, beneficiary };
}
