import { DomainError } from './base.js';

/** Codes of {@link TraceError}. */
export type TraceErrorCode =
  | 'TRACE_REQUEST'
  | 'TRACE_BAD_ROWS'
  | 'TRACE_CELL_RANGE'
  | 'TRACE_NOT_LISTED'
  | 'TRACE_NOT_VALID'
  | 'TRACE_NO_PUSH'
  | 'TRACE_NO_SHAPE'
  | 'TRACE_OVERFLOW'
  | 'TRACE_REASON_FALSE'
  | 'TRACE_STATE_DIFFERS'
  | 'TRACE_SPOOL';

/** Turning a replayed batch into rows, and these into proofs' parts. */
export class TraceError extends DomainError<TraceErrorCode> {}

/** The disk that keeps a trace's rows fails: `TRACE_SPOOL`. */
export class SpoolError extends TraceError {
  override readonly retryable = true;
}
