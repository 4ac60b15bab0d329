import { DeltaproofError } from './base.js';

/** Rows or L1 tuples do not fit together: `BUS_NOT_BALANCED`, `BUS_LAYOUT`, `BUS_TOO_MANY_USES` (a multiplicity above 24 bits). */
export class BusError extends DeltaproofError {}
