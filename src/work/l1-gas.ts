import { GAS } from '../l1/part-gas.js';
import { RECORD_BYTES } from '../proof/record.js';

/** Calldata and execution of one thing in a bundle. */
export interface OnL1 {
  readonly bytes: number;
  readonly execution: number;
  /** Bytes of the largest entry of a table that it may be a part of, where that is large: an entry is in one transaction as a whole. */
  readonly entry?: number;
}

/** Gas of L1 for a proof, calldata included (`npm run bench -- --only slope`). */
export const PROOF_GAS = 60_900;

/** Gas of a byte of calldata that is not zero (EIP-2028), and what a transaction pays for it at least in all (EIP-7623). */
const CALLDATA = 16;
const FLOOR = 40;

/** L1 gas of a thing none of whose bytes are zero: in a part of nothing else the floor may bind. Every byte is copied and hashed. */
export function l1Gas({ bytes, execution }: Pick<OnL1, 'bytes' | 'execution'>): number {
  return Math.max((CALLDATA + GAS.byte) * bytes + execution, FLOOR * bytes);
}

/** L1 gas of what stands around the contents of a bundle: its transactions with a part each, and the shapes in each part of proofs. */
export function aroundGas(transactions: number, proofParts: number, shapes: number): number {
  return (
    GAS.begin +
    transactions * (GAS.transaction + GAS.feed + GAS.part) +
    proofParts * (GAS.proofs + shapes * GAS.shape) +
    GAS.prove
  );
}

/** Bytes of `proofs` proofs. */
export function proofBytes(proofs: number): number {
  return RECORD_BYTES * proofs;
}
