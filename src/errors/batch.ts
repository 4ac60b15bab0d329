import { DeltaproofError } from './base.js';

/** Batches, their bytes and their files: `BATCH_RULES`, `BATCH_WRONG_CHAIN`, `BATCH_TXS_HASH`, `BATCH_FILE_*`, `BATCH_GENESIS`, `BATCH_OTHER`, `BATCH_OTHER_STATE`. */
export class BatchError extends DeltaproofError {}
