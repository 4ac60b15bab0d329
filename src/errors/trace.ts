import { DeltaproofError } from './base.js';

/** Turning a replayed batch into rows: `TRACE_*`. */
export class TraceError extends DeltaproofError {}
