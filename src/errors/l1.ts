import { DeltaproofError } from './base.js';

/**
 * Talking to L1: `L1_START`, `L1_UNREACHABLE`, `L1_REVERTED`, `L1_NO_RECEIPT`, `L1_BATCH`, `L1_DEPLOY`, `L1_TOO_SOON`,
 * `L1_WRONG_CHAIN`, `L1_NO_VERIFIER`, `L1_NO_DISPUTE`, `L1_WRONG_ANSWER`, `L1_REFUSED`,
 * `L1_KEYS_OTHER_RULES`, `L1_TRANSACTION_GAS`, `L1_TRANSACTION_BYTES` (no L1 transaction can be so large),
 * `L1_CANNOT_SIMULATE`, `L1_UPLOAD` (a session is at none of the bundle's parts).
 */
export class L1Error extends DeltaproofError {}
