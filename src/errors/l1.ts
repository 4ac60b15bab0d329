import { DeltaproofError } from './base.js';

/** Talking to L1: `L1_START`, `L1_UNREACHABLE`, `L1_REVERTED`, `L1_BATCH`, `L1_DEPLOY`. */
export class L1Error extends DeltaproofError {}
