import { DeltaproofError } from './base.js';

/** Talking to L1: `L1_START`, `L1_UNREACHABLE`, `L1_REVERTED`. */
export class L1Error extends DeltaproofError {}
