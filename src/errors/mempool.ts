import { DeltaproofError } from './base.js';

/** A transaction that the rules admit, and the mempool does not: `MEMPOOL_UNDERPRICED`, `MEMPOOL_NONCE_TOO_FAR`. */
export class MempoolError extends DeltaproofError {}

/** The mempool has no room at the moment (`MEMPOOL_FULL`). */
export class MempoolFullError extends MempoolError {
  override readonly retryable = true;
}
