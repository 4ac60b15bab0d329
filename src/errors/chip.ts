import { DeltaproofError } from './base.js';

/** A value or a lookup does not fit a chip's columns: `CHIP_VALUE_OUT_OF_RANGE`, `CHIP_LOOKUP_OUT_OF_RANGE`. */
export class ChipError extends DeltaproofError {}
