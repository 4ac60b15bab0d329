import { DomainError } from './base.js';

/** Codes of {@link OutputError}. */
export type OutputErrorCode = 'OUTPUT_UNWRITABLE';

/** Results that cannot be put where the user wants them. */
export class OutputError extends DomainError<OutputErrorCode> {
  /** A disk that is full now may have room later. */
  override readonly retryable = true;
}
