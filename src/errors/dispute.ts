import { DomainError } from './base.js';

/** Codes of {@link DisputeError}. */
export type DisputeErrorCode =
  | 'DISPUTE_PARAMETERS'
  | 'DISPUTE_RANGE'
  | 'DISPUTE_STUCK'
  | 'DISPUTE_NO_GAME'
  | 'DISPUTE_NO_CLAIM'
  | 'DISPUTE_NOT_DUE'
  | 'DISPUTE_OWN_VALUE'
  | 'DISPUTE_SEARCHING';

/** Rules of the dispute game. */
export class DisputeError extends DomainError<DisputeErrorCode> {}
