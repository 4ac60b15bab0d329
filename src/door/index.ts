/** `deltaproof`: the doors by name, and every error that comes through them (`code`, `message`, `details`). */
export { ArtifactError } from '../errors/artifact.js';
export { DeltaproofError, type DeltaproofErrorOptions, type SerializedError, serializeError } from '../errors/base.js';
export { BatchError } from '../errors/batch.js';
export { DisputeError } from '../errors/dispute.js';
export { ExecutionError } from '../errors/execution.js';
export { L1Error } from '../errors/l1.js';
export { BundleError, KeyError, type Refusal, VerificationError } from '../errors/proof.js';
export { StatementError } from '../errors/statement.js';
export * as batch from './batch.js';
export * as dispute from './dispute.js';
export * as l1 from './l1.js';
export * as proof from './proof.js';
