import type { Hex } from 'viem';
import { mod, R } from '../bus/field.js';
import { type Challenge, fingerprint, type Term } from '../bus/tuple.js';
import { VerificationError } from '../errors/proof.js';
import { type DecodedProof, proofsHold } from './equation.js';
import { chainOf, decodePart, linkOf } from './parts.js';
import { decodeG1, decodeG2, type G1Point } from './points.js';
import { decodeRecords } from './record.js';
import { batchingBase, type Transcript, transcript } from './transcript.js';
import type { Bundle, ProofRecord, Statement, VerifyingKeys } from './types.js';

/** A LogUp sum num/den as L1 keeps it: no inversion anywhere. */
export interface Fraction {
  readonly num: bigint;
  readonly den: bigint;
}

/** What of a key set a verification needs: a key set of this machine has it, and a key file. */
export interface VerifyingKeySet extends VerifyingKeys {
  readonly hash: Hex;
  readonly rulesHash: Hex;
}

/** What is verified, and against what. */
export interface VerifyInput {
  readonly bundle: Bundle;
  /** Hash of the bundle's header (FORMATS.md, "Batch"). */
  readonly batchHash: Hex;
  readonly keySet: VerifyingKeySet;
  /** L1's own part of the bus under a challenge: {@link fractionOf} of the tuples that the other parts yield. */
  readonly native: (challenge: Challenge) => Fraction;
}

/** The LogUp sum of weighted tuples as a fraction; its denominator is 0 when a fingerprint is. */
export function fractionOf(terms: Iterable<Term>, challenge: Challenge): Fraction {
  let [num, den] = [0n, 1n];
  for (const { weight, tuple } of terms) {
    const f = fingerprint(tuple, challenge);
    num = mod(num * f + weight * den);
    den = mod(den * f);
  }
  return { num, den };
}

/** The statement that a bundle claims to prove. */
export function statementOf({ preRoot, mode, value }: Bundle, batchHash: Hex): Statement {
  return { batchHash, preRoot, mode, value };
}

/** The statement that a bundle claims to prove, and the seed and challenge that follow from it and from all parts. */
export function transcriptOf(bundle: Bundle, batchHash: Hex): Transcript & { readonly dues: readonly Hex[] } {
  const dues = chainOf(bundle.parts.map(linkOf));
  return { ...transcript(bundle, statementOf(bundle, batchHash), dues[0]!), dues };
}

/**
 * Verifies a bundle's proofs and its bus by the rules of `ProofVerifier` on L1, part by part. What `native` says about the
 * other parts is the caller's part.
 * @throws VerificationError with L1's word in `reason`; `WrongKeySet` and `WrongRules` are ours, L1 knows one of each only
 */
export async function verifyProofs({ bundle, batchHash, keySet, native }: VerifyInput): Promise<void> {
  if (bundle.keySetHash !== keySet.hash) {
    throw new VerificationError('WrongKeySet', `the bundle is for key set ${bundle.keySetHash}, not ${keySet.hash}.`);
  }
  if (bundle.rulesHash !== keySet.rulesHash) {
    throw new VerificationError('WrongRules', `the bundle is for rules ${bundle.rulesHash}, not ${keySet.rulesHash}.`);
  }
  if (bundle.preRoot >= R || (bundle.mode === 'root' && bundle.value >= R)) {
    throw new VerificationError('RootNotCanonical', 'a root is not below the order of the scalar field.');
  }
  const { seed, challenge, dues } = transcriptOf(bundle, batchHash);
  const { num, den } = native(challenge);
  let sums: bigint | undefined;
  for (const [i, part] of bundle.parts.entries()) {
    const { kind, body } = decodePart(part);
    if (kind !== 'proofs') continue;
    const proofs = decodeProofs(decodeRecords(body), keySet.shapes.length);
    if (!proofsHold(keySet, proofs, challenge, batchingBase(seed, dues[i]!, body))) {
      throw new VerificationError('InvalidProof', `the product of the pairings of part ${i} is not 1.`);
    }
    sums = proofs.reduce((total, { sum }) => mod(total + sum), sums ?? 0n);
  }
  if (sums === undefined) throw new VerificationError('NoProofs', 'no part has proofs.');
  if (mod(den) === 0n) throw new VerificationError('ZeroFingerprint', 'a tuple of L1 has fingerprint 0.');
  if (mod(num + sums * den) !== 0n) {
    throw new VerificationError('BusNotBalanced', 'what was sent on the bus is not what was received.');
  }
}

function decodeProofs(records: readonly ProofRecord[], shapes: number): DecodedProof[] {
  const g1 = (point: Hex, what: string): G1Point => {
    const decoded = decodeG1(point);
    if (decoded === undefined) throw new VerificationError('PointNotOnCurve', `${what} is ${point}.`);
    return decoded;
  };
  let last = 0;
  const firstPass = records.map(({ shape, sum, A, C, D }, i) => {
    if (shape < last) throw new VerificationError('ShapesNotSorted', `proof ${i} has shape ${shape} after ${last}.`);
    if (shape >= shapes) throw new VerificationError('UnknownShape', `proof ${i} has shape ${shape} of ${shapes}.`);
    last = shape;
    const a = g1(A, `A of proof ${i}`);
    if (sum >= R) throw new VerificationError('SumNotCanonical', `the sum of proof ${i} is not below r.`);
    return { shape, sum, A: a, D: g1(D, `D of proof ${i}`), C: g1(C, `C of proof ${i}`) };
  });
  return firstPass.map((proof, i) => {
    const B = decodeG2(records[i]!.B);
    if (B === undefined) throw new VerificationError('BadG2Point', `B of proof ${i} is not in the group.`);
    return { ...proof, B };
  });
}
