import { DomainError } from './base.js';

/** Codes of {@link ContractError}. */
export type ContractErrorCode = 'CONTRACT_COMPILE' | 'CONTRACT_IMPORT';

/** Compiling contracts. */
export class ContractError extends DomainError<ContractErrorCode> {}
