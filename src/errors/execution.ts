import { DeltaproofError } from './base.js';

/**
 * Executing a batch (`EXECUTION_VM_DISAGREES`, `EXECUTION_NO_TRIE`, `EXECUTION_ANCESTOR`), admitting a transaction or
 * answering a call (`EXECUTION_TX_*`: `INVALID`, `CREATION`, `PRECOMPILE`, `CONTRACT`, `NONCE`, `SENDER_CODE`, `BALANCE`,
 * `GAS_LIMIT`, `WORK`, `BYTES`, `OPCODE`, `HASH`, `HALT`).
 */
export class ExecutionError extends DeltaproofError {}
