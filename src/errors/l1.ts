import { DomainError } from './base.js';

/** Codes of {@link L1Error}. */
export type L1ErrorCode =
  | 'L1_START'
  | 'L1_UNREACHABLE'
  | 'L1_REFUSED'
  | 'L1_REVERTED'
  | 'L1_NO_RECEIPT'
  | 'L1_NONCE_TAKEN'
  | 'L1_BATCH'
  | 'L1_LOGS_REFUSED'
  | 'L1_ENDPOINTS_DISAGREE'
  | 'L1_BOND_CEILING'
  | 'L1_DEPLOY'
  | 'L1_TOO_SOON'
  | 'L1_WRONG_CHAIN'
  | 'L1_NO_VERIFIER'
  | 'L1_NO_DISPUTE'
  | 'L1_NOT_SEQUENCER'
  | 'L1_WRONG_ANSWER'
  | 'L1_KEYS_OTHER_RULES'
  | 'L1_TRANSACTION_GAS'
  | 'L1_TRANSACTION_BYTES'
  | 'L1_CANNOT_SIMULATE'
  | 'L1_UPLOAD';

/** Talking to L1. */
export class L1Error extends DomainError<L1ErrorCode> {}
