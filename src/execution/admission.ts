import type { Hex } from 'viem';
import { byteLength } from '../batch/bytes.js';
import { parseTransaction, UNCOVERED_BAD } from '../batch/transaction.js';
import { EMPTY_CODE_HASH, type Rules } from '../batch/types.js';
import { ExecutionError } from '../errors/execution.js';
import type { StateView } from '../state/view.js';

/**
 * Why a node does not admit a transaction to its mempool; `undefined` when it does. Stricter than f, which skips what
 * it cannot execute: here the sender is told. A nonce that is still to come is admitted.
 * @param raw even-length hex
 * @returns ExecutionError `EXECUTION_TX_INVALID`, `_CREATION`, `_PRECOMPILE`, `_CONTRACT` (these three: not covered by
 * this version), `_NONCE`, `_SENDER_CODE`, `_BALANCE`, `_GAS_LIMIT`, `_WORK`, `_BYTES`
 */
export async function admissionError(raw: Hex, view: StateView, rules: Rules): Promise<ExecutionError | undefined> {
  const tx = parseTransaction(raw, rules);
  const covers = 'This version covers value transfers only.';
  if (tx.kind === 'bad') {
    if (tx.reason === UNCOVERED_BAD.creation) return refuse('CREATION', 'it creates a contract', covers);
    if (tx.reason === UNCOVERED_BAD.precompile)
      return refuse('PRECOMPILE', 'it calls a precompile (0x01 to 0x0a)', covers);
    return refuse('INVALID', `it is invalid: ${tx.reason}`);
  }
  const [sender, to] = [await view.account(tx.sender), await view.account(tx.to)];
  if (to.codeHash !== EMPTY_CODE_HASH) return refuse('CONTRACT', `${tx.to} is a contract`, covers);
  if (sender.codeHash !== EMPTY_CODE_HASH) return refuse('SENDER_CODE', `its sender ${tx.sender} has code (EIP-3607)`);
  if (tx.nonce < sender.nonce) {
    return refuse(
      'NONCE',
      `its nonce is ${tx.nonce}, and ${tx.sender} is at ${sender.nonce}`,
      `Use nonce ${sender.nonce}.`,
    );
  }
  if (sender.balance < tx.maxCost) {
    return refuse('BALANCE', `it can cost ${tx.maxCost} wei, and ${tx.sender} has ${sender.balance}`);
  }
  if (tx.gasLimit > rules.gasLimit) {
    return refuse('GAS_LIMIT', `its gas limit is ${tx.gasLimit}, and a batch has ${rules.gasLimit}`);
  }
  if (byteLength(raw) > rules.maxBytes) {
    return refuse('BYTES', `it has ${byteLength(raw)} bytes, and a batch has ${rules.maxBytes}`);
  }
  if (tx.use + tx.reserve > rules.workBudget) {
    const work = `it needs ${tx.use + tx.reserve} work (its gas limit counts), and a batch has ${rules.workBudget}`;
    return refuse('WORK', work, 'Lower the gas limit.');
  }
  return undefined;
}

function refuse(code: string, why: string, hint?: string): ExecutionError {
  const message = `The transaction is not admitted: ${why}.`;
  return new ExecutionError(`EXECUTION_TX_${code}`, message, hint === undefined ? {} : { hint });
}
