import { DomainError } from './base.js';

/** Codes of {@link UsageError}. */
export type UsageErrorCode =
  | 'USAGE_COMMAND_LINE'
  | 'USAGE_ADDRESS'
  | 'USAGE_CHOICE'
  | 'USAGE_INTEGER'
  | 'USAGE_PACKING'
  | 'USAGE_FILE'
  | 'USAGE_EXPLAIN'
  | 'USAGE_DEPLOYMENT'
  | 'USAGE_DISPUTE'
  | 'USAGE_GAME'
  | 'USAGE_JOB'
  | 'USAGE_KEY_SET'
  | 'USAGE_KEYSTORE'
  | 'USAGE_L1'
  | 'USAGE_PRIVATE_KEY'
  | 'USAGE_REDIS'
  | 'USAGE_SETTING'
  | 'USAGE_SHAPE'
  | 'USAGE_STORE';

/** Wrong usage or configuration. The command line exits with 2. */
export class UsageError extends DomainError<UsageErrorCode> {}
