import { DeltaproofError } from './base.js';

/** Rows or L1 tuples do not fit together: `BUS_NOT_BALANCED`, `BUS_LAYOUT`. */
export class BusError extends DeltaproofError {}
