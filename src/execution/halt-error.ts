import type { Address, Hex } from 'viem';
import { ExecutionError } from '../errors/execution.js';
import { HALTS_BY_RULE, haltText } from '../evm/halt-text.js';
import { opcodeName } from '../evm/opcodes.js';
import type { Halt } from '../evm/run.js';

/** What halts, as far as it is known: the transaction's hash, and the contract whose code runs. */
export interface HaltPlace {
  readonly transaction?: Hex;
  readonly to: Address;
}

/**
 * The error for a transaction or call whose code halts: `EXECUTION_TX_OPCODE` or `_HASH` where only this version's rules halt it,
 * else `EXECUTION_TX_HALT`. Its details name opcode, pc, reason and place.
 * @param what the subject of the message, e.g. `The call fails`
 */
export function haltError(what: string, halt: Halt, place: HaltPlace): ExecutionError {
  const byRule = HALTS_BY_RULE.includes(halt.reason);
  const refused = halt.reason === 'uncovered' ? 'EXECUTION_TX_OPCODE' : 'EXECUTION_TX_HASH';
  const details = { reason: halt.reason, opcode: opcodeName(halt.op), pc: halt.pc, ...place };
  return new ExecutionError(byRule ? refused : 'EXECUTION_TX_HALT', `${what}: ${haltText(halt)}.`, { details });
}
