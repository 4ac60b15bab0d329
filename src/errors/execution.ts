import { DomainError } from './base.js';

/** Codes of {@link ExecutionError}. */
export type ExecutionErrorCode =
  | 'EXECUTION_VM_DISAGREES'
  | 'EXECUTION_NO_TRIE'
  | 'EXECUTION_ANCESTOR'
  | 'EXECUTION_TX_INVALID'
  | 'EXECUTION_TX_CREATION'
  | 'EXECUTION_TX_PRECOMPILE'
  | 'EXECUTION_TX_NONCE'
  | 'EXECUTION_TX_SENDER_CODE'
  | 'EXECUTION_TX_BALANCE'
  | 'EXECUTION_TX_GAS_LIMIT'
  | 'EXECUTION_TX_WORK'
  | 'EXECUTION_TX_BYTES'
  | 'EXECUTION_TX_OPCODE'
  | 'EXECUTION_TX_HASH'
  | 'EXECUTION_TX_HALT';

/** Executing a batch; admitting a transaction or answering a call (`EXECUTION_TX_*`). */
export class ExecutionError extends DomainError<ExecutionErrorCode> {}
