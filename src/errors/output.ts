import { DeltaproofError } from './base.js';

/** Results that cannot be put where the user wants them: `OUTPUT_UNWRITABLE`. */
export class OutputError extends DeltaproofError {
  /** A disk that is full now may have room later. */
  override readonly retryable = true;
}
