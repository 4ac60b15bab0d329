import { DomainError } from './base.js';

/** Codes of {@link MempoolError}. */
export type MempoolErrorCode = 'MEMPOOL_UNDERPRICED' | 'MEMPOOL_NONCE_TOO_FAR' | 'MEMPOOL_FULL';

/** A transaction that the rules admit, and the mempool does not. */
export class MempoolError extends DomainError<MempoolErrorCode> {}

/** The mempool has no room at the moment (`MEMPOOL_FULL`). */
export class MempoolFullError extends MempoolError {
  override readonly retryable = true;
}
