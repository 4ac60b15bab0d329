import { DeltaproofError } from './base.js';

/** Rules of the dispute game: `DISPUTE_PARAMETERS`, `DISPUTE_RANGE`, `DISPUTE_PAUSED`, `DISPUTE_STUCK`. */
export class DisputeError extends DeltaproofError {}
