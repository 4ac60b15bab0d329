import { type Hex, keccak256 } from 'viem';
import { byteLength, fromHex } from '../batch/bytes.js';
import { parseTransaction, UNCOVERED_BAD } from '../batch/transaction.js';
import { EMPTY_CODE_HASH, type ParsedTx, type Rules } from '../batch/types.js';
import { ExecutionError, type ExecutionErrorCode } from '../errors/execution.js';
import { HALTS_BY_RULE } from '../evm/halt-text.js';
import type { StateView } from '../state/view.js';
import { haltError } from './halt-error.js';
import type { Simulator } from './simulator.js';

/**
 * Why a node does not admit a transaction to its mempool; `undefined` when it does. Stricter than f, which skips what
 * it cannot execute and halts code by the rules of its version: here the sender is told. A nonce that is still to come is
 * admitted, and so is code that fails as it would on Ethereum.
 * @param raw even-length hex
 * @param simulator on the same state; without it, code is not tried
 * @returns ExecutionError `EXECUTION_TX_INVALID`, `_CREATION`, `_PRECOMPILE`, `_OPCODE`, `_HASH` (these four: not
 * covered by this version), `_NONCE`, `_SENDER_CODE`, `_BALANCE`, `_GAS_LIMIT`, `_WORK`, `_BYTES`
 */
export async function admissionError(
  raw: Hex,
  view: StateView,
  rules: Rules,
  simulator?: () => Promise<Simulator>,
): Promise<ExecutionError | undefined> {
  const tx = parseTransaction(raw, rules);
  const covers = 'This version covers value transfers and calls.';
  if (tx.kind === 'bad') {
    if (tx.reason === UNCOVERED_BAD.creation) return refuse('EXECUTION_TX_CREATION', 'it creates a contract', covers);
    if (tx.reason === UNCOVERED_BAD.precompile)
      return refuse('EXECUTION_TX_PRECOMPILE', 'it calls a precompile (0x01 to 0x0a)', covers);
    return refuse('EXECUTION_TX_INVALID', `it is invalid: ${tx.reason}`);
  }
  const [sender, to] = [await view.account(tx.sender), await view.account(tx.to)];
  const hasCode = to.codeHash !== EMPTY_CODE_HASH;
  if (sender.codeHash !== EMPTY_CODE_HASH)
    return refuse('EXECUTION_TX_SENDER_CODE', `its sender ${tx.sender} has code (EIP-3607)`);
  if (tx.nonce < sender.nonce) {
    return refuse(
      'EXECUTION_TX_NONCE',
      `its nonce is ${tx.nonce}, and ${tx.sender} is at ${sender.nonce}`,
      `Use nonce ${sender.nonce}.`,
    );
  }
  if (sender.balance < tx.maxCost) {
    return refuse('EXECUTION_TX_BALANCE', `it can cost ${tx.maxCost} wei, and ${tx.sender} has ${sender.balance}`);
  }
  if (tx.gasLimit > rules.gasLimit) {
    return refuse('EXECUTION_TX_GAS_LIMIT', `its gas limit is ${tx.gasLimit}, and a batch has ${rules.gasLimit}`);
  }
  if (byteLength(raw) > rules.maxBytes) {
    return refuse('EXECUTION_TX_BYTES', `it has ${byteLength(raw)} bytes, and a batch has ${rules.maxBytes}`);
  }
  const work = tx.use + tx.reserve;
  if (work > rules.workBudget) {
    const why = `it needs ${work} work (its gas limit counts), and a batch has ${rules.workBudget}`;
    return refuse('EXECUTION_TX_WORK', why, 'Lower the gas limit.');
  }
  return hasCode && simulator !== undefined ? haltByRule(keccak256(raw), tx, rules, await simulator()) : undefined;
}

async function haltByRule(
  hash: Hex,
  tx: ParsedTx,
  { w1, wCode }: Rules,
  simulator: Simulator,
): Promise<ExecutionError | undefined> {
  const { sender: from, data, gasLimit } = tx;
  const work = tx.use + tx.reserve - w1 * gasLimit - wCode;
  const { run } = await simulator.run({ ...tx, from, data: fromHex(data), work }, gasLimit);
  const halt = run?.halt;
  if (halt === undefined || !HALTS_BY_RULE.includes(halt.reason)) return undefined;
  const what = `Transaction ${hash} to ${tx.to} is not admitted, since it would fail`;
  return haltError(what, halt, { transaction: hash, to: tx.to });
}

function refuse(code: ExecutionErrorCode, why: string, hint?: string): ExecutionError {
  const message = `The transaction is not admitted: ${why}.`;
  return new ExecutionError(code, message, hint === undefined ? {} : { hint });
}
