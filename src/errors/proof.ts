import { DeltaproofError, type DeltaproofErrorOptions } from './base.js';

/**
 * Circuits and shapes: `CIRCUIT_COMPILE`, `CIRCUIT_INCLUDE`, `CIRCUIT_INPUT_DROPPED`, `CIRCUIT_INPUT_UNUSED`,
 * `CIRCUIT_FORMAT`, `SHAPE_UNKNOWN`, `SHAPE_INVALID`, `SHAPE_OVERFLOW`.
 */
export class CircuitError extends DeltaproofError {}

/** Keys: `KEY_DEGENERATE`, `KEY_FORMAT`, `KEY_SETUP`, `KEY_NOT_COMMITTED`, `KEY_DEVELOPMENT_ONLY`, `KEY_CHANGED`. */
export class KeyError extends DeltaproofError {}

/** Making proofs: `PROOF_WITNESS` (the rows break a constraint), `PROOF_INPUT`, `PROOF_ENGINE`, `PROOF_SELF_CHECK`. */
export class ProofError extends DeltaproofError {}

/** Bundle files: `BUNDLE_NOT_JSON`, `BUNDLE_FIELD` (a field is missing, unknown or malformed), `BUNDLE_NOT_CANONICAL`;
 * `BUNDLE_PART_TOO_LARGE`: no L1 transaction can take one of its parts. */
export class BundleError extends DeltaproofError {}

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
