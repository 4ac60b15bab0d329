import { DomainError } from './base.js';

/** Codes of {@link ChipError}. */
export type ChipErrorCode = 'CHIP_VALUE_OUT_OF_RANGE' | 'CHIP_LOOKUP_OUT_OF_RANGE';

/** A value or a lookup does not fit a chip's columns. */
export class ChipError extends DomainError<ChipErrorCode> {}
