import { DomainError } from './base.js';

/** Codes of {@link StateError}. */
export type StateErrorCode =
  | 'STATE_LOCKED'
  | 'STATE_OPEN'
  | 'STATE_FOREIGN'
  | 'STATE_NO_GENESIS'
  | 'STATE_OTHER_GENESIS'
  | 'STATE_NOT_NEXT'
  | 'STATE_PRUNED'
  | 'STATE_UNKNOWN_BATCH'
  | 'STATE_REVERTED'
  | 'STATE_DISK_FULL'
  | 'STATE_WRITE'
  | 'STATE_BROKEN'
  | 'STATE_CORRUPT'
  | 'STATE_OTHER_BATCH'
  | 'STATE_OTHER_CHAIN'
  | 'STATE_OTHER_ROOT';

/** How a node gets a sound store again; every message about a damaged one says it. */
export const RESYNC =
  'A node reads everything again from L1 without its store: stop it, "deltaproof doctor --store <its folder> --resync", start it.';

/** The flat state's store. */
export class StateError extends DomainError<StateErrorCode> {}

/** The store cannot be used at the moment (`STATE_LOCKED`, `STATE_DISK_FULL`); the same work may succeed later. */
export class StateUnavailableError extends StateError {
  override readonly retryable = true;
}
