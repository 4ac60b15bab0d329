import { DomainError } from './base.js';

/** Codes of {@link BatchError}. */
export type BatchErrorCode =
  | 'BATCH_RULES'
  | 'BATCH_WRONG_CHAIN'
  | 'BATCH_TXS_HASH'
  | 'BATCH_FILE_JSON'
  | 'BATCH_FILE_FIELD'
  | 'BATCH_GENESIS'
  | 'BATCH_UNPROVABLE'
  | 'BATCH_OTHER'
  | 'BATCH_OTHER_STATE';

/** Batches, their bytes and their files. */
export class BatchError extends DomainError<BatchErrorCode> {}
