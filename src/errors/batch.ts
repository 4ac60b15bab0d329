import { DeltaproofError } from './base.js';

/** Batches, their bytes and their files: `BATCH_RULES`, `BATCH_WRONG_CHAIN`, `BATCH_TXS_HASH`, `BATCH_FILE_*`, `BATCH_GENESIS`. */
export class BatchError extends DeltaproofError {}
