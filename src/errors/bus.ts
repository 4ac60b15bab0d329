import { DomainError } from './base.js';

/** Codes of {@link BusError}. */
export type BusErrorCode = 'BUS_NOT_BALANCED' | 'BUS_TOO_MANY_USES';

/** Rows or L1 tuples do not fit together. */
export class BusError extends DomainError<BusErrorCode> {}
