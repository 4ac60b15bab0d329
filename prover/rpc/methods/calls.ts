import { intrinsicGas } from '../../../src/batch/transaction.js';
import { EMPTY_CODE_HASH } from '../../../src/batch/types.js';
import { ExecutionError } from '../../../src/errors/execution.js';
import { type RpcContext, unlessPending, viewAt } from '../context.js';
import { quantity } from '../encode.js';
import { method } from '../method.js';
import { type BlockRef, block, type CallRequest, callRequest, noOverrides, optional } from '../parameters.js';

const blockOrLatest = optional<BlockRef>(block, 'latest');
const LAST_PRECOMPILE = 10n;

/** Methods that say what a transaction would do. */
export const callMethods = {
  /** The gas of a transfer: its intrinsic gas, always exactly. */
  eth_estimateGas: method(
    [callRequest, blockOrLatest, noOverrides('stateOverrides'), noOverrides('blockOverrides')],
    async (context, request, ref) => {
      await checkCovered(context, request, ref);
      const gas = intrinsicGas(request);
      if (request.gas !== undefined && request.gas < gas) {
        throw refuse('INVALID', `it needs ${gas} gas, and its gas limit is ${request.gas}`);
      }
      return quantity(gas);
    },
  ),
  /** A call to an account without code returns nothing. */
  eth_call: method(
    [callRequest, blockOrLatest, noOverrides('stateOverrides'), noOverrides('blockOverrides')],
    async (context, request, ref) => {
      await checkCovered(context, request, ref);
      return '0x';
    },
  ),
};

/** @throws ExecutionError `EXECUTION_TX_*`, the reasons for which such a transaction would not be admitted */
async function checkCovered(context: RpcContext, request: CallRequest, ref: BlockRef): Promise<void> {
  const { from, to, value, feeCap } = request;
  const covers = 'This version covers value transfers only.';
  if (to === undefined) throw refuse('CREATION', 'it creates a contract', covers);
  const target = BigInt(to);
  if (target > 0n && target <= LAST_PRECOMPILE) {
    throw refuse('PRECOMPILE', 'it calls a precompile (0x01 to 0x0a)', covers);
  }
  const view = await viewAt(context, unlessPending(ref));
  if ((await view.account(to)).codeHash !== EMPTY_CODE_HASH) throw refuse('CONTRACT', `${to} is a contract`, covers);
  if (feeCap !== undefined && feeCap > 0n && feeCap < context.rules.baseFee) {
    throw refuse('INVALID', `it pays ${feeCap} wei per gas at most, and the base fee is ${context.rules.baseFee}`);
  }
  if (from === undefined) return;
  const { balance } = await view.account(from);
  const cost = value + intrinsicGas(request) * (feeCap ?? 0n);
  if (cost > balance) throw refuse('BALANCE', `it costs ${cost} wei, and ${from} has ${balance}`);
}

function refuse(code: string, why: string, hint?: string): ExecutionError {
  const message = `The transaction would not be admitted: ${why}.`;
  return new ExecutionError(`EXECUTION_TX_${code}`, message, hint === undefined ? {} : { hint });
}
