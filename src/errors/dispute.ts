import { DeltaproofError } from './base.js';

/** Rules of the dispute game: `DISPUTE_PARAMETERS`, `DISPUTE_RANGE`, `DISPUTE_PAUSED`, `DISPUTE_STUCK`, `DISPUTE_NO_GAME`, `DISPUTE_SEARCHING`. */
export class DisputeError extends DeltaproofError {}
