import { DeltaproofError, type DeltaproofErrorOptions } from './base.js';

/** Why L1 refuses a bundle by itself, before any proof counts; the same words as the errors of `ProofVerifier`. */
export type StatementRefusal =
  | 'WrongVersion'
  | 'WrongChainId'
  | 'WrongGasLimit'
  | 'WrongBaseFee'
  | 'RootNotCanonical'
  | 'WrongKind'
  | 'BadTables'
  | 'WrongAccount'
  | 'WrongTransactions'
  | 'CutOffTooEarly'
  | 'BadRun'
  | 'WordsBeyondData'
  | 'NotSorted'
  | 'SlotOfAbsentAccount'
  | 'BadHint'
  | 'EmptyCode'
  | 'WrongCode'
  | 'WrongDiff';

/** A statement, tables or transactions that L1 refuses; `reason` is L1's word, the code `STATEMENT_` and that word in capitals. */
export class StatementError extends DeltaproofError {
  readonly reason: StatementRefusal;

  constructor(reason: StatementRefusal, message: string, options: DeltaproofErrorOptions = {}) {
    super(
      `STATEMENT_${reason.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase()}`,
      `${reason}: ${message}`,
      options,
    );
    this.reason = reason;
  }
}
