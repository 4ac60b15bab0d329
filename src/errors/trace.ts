import { DeltaproofError } from './base.js';

/** Turning a replayed batch into rows: `TRACE_*`. */
export class TraceError extends DeltaproofError {}

/** The disk that keeps a trace's rows fails: `TRACE_SPOOL`. */
export class SpoolError extends TraceError {
  override readonly retryable = true;
}
