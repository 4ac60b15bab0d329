import { DomainError } from './base.js';

/** Codes of {@link SoakError}. */
export type SoakErrorCode = 'SOAK_SERVICE' | 'SOAK_LATE' | 'SOAK_FAILED';

/** A soak that found something. */
export class SoakError extends DomainError<SoakErrorCode> {}
