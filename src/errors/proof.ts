import { DeltaproofError, type DeltaproofErrorOptions, DomainError } from './base.js';

/** Codes of {@link CircuitError}. */
export type CircuitErrorCode =
  | 'CIRCUIT_COMPILE'
  | 'CIRCUIT_INCLUDE'
  | 'CIRCUIT_INPUT_DROPPED'
  | 'CIRCUIT_INPUT_UNUSED'
  | 'CIRCUIT_FORMAT'
  | 'CIRCUIT_UNSOLVED'
  | 'SHAPE_UNKNOWN'
  | 'SHAPE_INVALID'
  | 'SHAPE_OVERFLOW';

/** Circuits and shapes. */
export class CircuitError extends DomainError<CircuitErrorCode> {}

/** Codes of {@link KeyError}. */
export type KeyErrorCode =
  | 'KEY_DEGENERATE'
  | 'KEY_FORMAT'
  | 'KEY_NOT_COMMITTED'
  | 'KEY_DEVELOPMENT_ONLY'
  | 'KEY_CHANGED';

/** Keys. */
export class KeyError extends DomainError<KeyErrorCode> {}

/** Codes of {@link ProofError}. */
export type ProofErrorCode =
  | 'PROOF_WITNESS'
  | 'PROOF_INPUT'
  | 'PROOF_ENGINE'
  | 'PROOF_ENGINE_MISSING'
  | 'PROOF_SELF_CHECK';

/** Making proofs. */
export class ProofError extends DomainError<ProofErrorCode> {}

/** Codes of {@link BundleError}. */
export type BundleErrorCode =
  | 'BUNDLE_NOT_JSON'
  | 'BUNDLE_FIELD'
  | 'BUNDLE_NOT_CANONICAL'
  | 'BUNDLE_PART_TOO_LARGE'
  | 'BUNDLE_OTHER_BATCH'
  | 'BUNDLE_OTHER_VERIFIER'
  | 'BUNDLE_OTHER_BENEFICIARY'
  | 'BUNDLE_OTHER_CHAIN';

/** Bundle files, and bundles that L1 cannot take. */
export class BundleError extends DomainError<BundleErrorCode> {}

/** The code of {@link ChildError} where the child said nothing; else it is the child's own. */
export type ChildErrorCode = 'CHILD_DIED';

/** An error that a child process reported, or its end without a word. */
export class ChildError extends DeltaproofError {
  override readonly retryable: boolean;

  constructor(code: string | ChildErrorCode, message: string, retryable: boolean) {
    super(code, message);
    this.retryable = retryable;
  }
}

/** Why the verifier refuses; the same words as the errors of `ProofVerifier` on L1. */
export type Refusal =
  | 'NoProofs'
  | 'BadLength'
  | 'WrongKeySet'
  | 'WrongRules'
  | 'RootNotCanonical'
  | 'ShapesNotSorted'
  | 'UnknownShape'
  | 'SumNotCanonical'
  | 'PointNotOnCurve'
  | 'BadG2Point'
  | 'ZeroFingerprint'
  | 'InvalidProof'
  | 'BusNotBalanced';

/** A bundle that does not verify; `reason` is L1's word, the code is `VERIFY_` and the same word in capitals. */
export class VerificationError extends DeltaproofError {
  readonly reason: Refusal;

  constructor(reason: Refusal, message: string, options: DeltaproofErrorOptions = {}) {
    super(`VERIFY_${reason.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase()}`, `${reason}: ${message}`, options);
    this.reason = reason;
  }
}
