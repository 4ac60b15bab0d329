import { concat, type Hex, size, slice, toHex } from 'viem';
import { VerificationError } from '../errors/proof.js';
import type { ProofRecord } from './types.js';

/** Bytes of a proof record (FORMATS.md, "Proofs"). */
export const RECORD_BYTES = 353;

/** One record: shape u8 ‖ D 64 ‖ sum 32 ‖ A 64 ‖ B 128 ‖ C 64. */
export function encodeRecord({ shape, D, sum, A, B, C }: ProofRecord): Hex {
  return concat([toHex(shape, { size: 1 }), D, toHex(sum, { size: 32 }), A, B, C]);
}

/** All records, in the given order, which must be that of their shapes. */
export function encodeRecords(records: readonly ProofRecord[]): Hex {
  return concat(records.map(encodeRecord));
}

/**
 * The records of a bundle; contents are not judged.
 * @throws VerificationError `NoProofs`, `BadLength`
 */
export function decodeRecords(proofs: Hex): ProofRecord[] {
  const bytes = size(proofs);
  if (bytes === 0) throw new VerificationError('NoProofs', 'there is no proof record.');
  if (bytes % RECORD_BYTES !== 0) {
    throw new VerificationError('BadLength', `${bytes} bytes are not a whole number of ${RECORD_BYTES}-byte records.`);
  }
  return Array.from({ length: bytes / RECORD_BYTES }, (_, i) => {
    const field = (from: number, to: number) => slice(proofs, i * RECORD_BYTES + from, i * RECORD_BYTES + to);
    return {
      shape: Number(field(0, 1)),
      D: field(1, 65),
      sum: BigInt(field(65, 97)),
      A: field(97, 161),
      B: field(161, 289),
      C: field(289, 353),
    };
  });
}
