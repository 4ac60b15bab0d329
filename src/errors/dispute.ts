import { DeltaproofError } from './base.js';

/** Rules of the dispute game: `DISPUTE_PARAMETERS`, `DISPUTE_RANGE`, `DISPUTE_PAUSED`. */
export class DisputeError extends DeltaproofError {}
