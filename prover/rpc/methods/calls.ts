import { type Address, decodeErrorResult, type Hex, parseAbi } from 'viem';
import { intrinsicGas, workOfItem } from '../../../src/batch/transaction.js';
import type { Rules } from '../../../src/batch/types.js';
import { ExecutionError, type ExecutionErrorCode } from '../../../src/errors/execution.js';
import { RPC_CODE, RpcError } from '../../../src/errors/rpc.js';
import { environmentOf } from '../../../src/execution/environment-of.js';
import { haltError } from '../../../src/execution/halt-error.js';
import { type Simulated, type SimulatedCall, Simulator } from '../../../src/execution/simulator.js';
import type { BlockRef } from '../block-ref.js';
import { findNumber, type RpcContext, unlessPending, viewAt } from '../context.js';
import { method } from '../method.js';
import { block, type CallRequest, callRequest, noOverrides, optional } from '../parameters.js';
import { quantity } from '../quantity.js';

const blockOrLatest = optional<BlockRef>(block, 'latest');
const LAST_PRECOMPILE = 10n;
const NOBODY: Address = `0x${'00'.repeat(20)}`;
/** Bytes of a transaction beside its data and access list, at most. */
const ENVELOPE_BYTES = 250;

/** Methods that say what a transaction would do. */
export const callMethods = {
  /** The least gas limit with which it succeeds; of a transfer its intrinsic gas, always exactly. */
  eth_estimateGas: method(
    [callRequest, blockOrLatest, noOverrides('stateOverrides'), noOverrides('blockOverrides')],
    async (context, request, ref) => {
      const prepared = await prepare(context, request, ref);
      const simulated = await simulate(prepared, request);
      const { simulator, call, gasLimit } = prepared;
      return quantity(simulated.run === undefined ? call.intrinsic : await simulator.leastGas(call, gasLimit));
    },
  ),
  /** A call to an account without code returns nothing. */
  eth_call: method(
    [callRequest, blockOrLatest, noOverrides('stateOverrides'), noOverrides('blockOverrides')],
    async (context, request, ref) => {
      const { run } = await simulate(await prepare(context, request, ref), request);
      return run?.output ?? '0x';
    },
  ),
};

interface Prepared {
  readonly simulator: Simulator;
  readonly call: SimulatedCall;
  /** Gas limit: the caller's, or all that one transaction can have. */
  readonly gasLimit: bigint;
}

/** @throws ExecutionError `EXECUTION_TX_*`, the reasons for which such a transaction would not be admitted */
async function prepare(context: RpcContext, request: CallRequest, ref: BlockRef): Promise<Prepared> {
  const { from, to, value, feeCap, data, keys } = request;
  const { rules, state } = context;
  const covers = 'This version covers value transfers and calls.';
  if (to === undefined) throw refuse('EXECUTION_TX_CREATION', 'it creates a contract', covers);
  const target = BigInt(to);
  if (target > 0n && target <= LAST_PRECOMPILE) {
    throw refuse('EXECUTION_TX_PRECOMPILE', 'it calls a precompile (0x01 to 0x0a)', covers);
  }
  const view = await viewAt(context, unlessPending(ref));
  if (feeCap !== undefined && feeCap > 0n && feeCap < rules.baseFee) {
    throw refuse('EXECUTION_TX_INVALID', `it pays ${feeCap} wei per gas at most, and the base fee is ${rules.baseFee}`);
  }
  const intrinsic = intrinsicGas({ ...request, keys: keys.length });
  if (from !== undefined) {
    const { balance } = await view.account(from);
    const cost = value + intrinsic * (feeCap ?? 0n);
    if (cost > balance) throw refuse('EXECUTION_TX_BALANCE', `it costs ${cost} wei, and ${from} has ${balance}`);
  }
  const call = {
    ...{ from: from ?? NOBODY, to, value, data, keys, intrinsic },
    price: feeCap ?? rules.baseFee,
    work: workOf(request, rules),
  };
  const number = (await findNumber(context, unlessPending(ref)))!; // the view was found
  const environment = await environmentOf(state, number, rules);
  const simulator = await Simulator.create(view, environment, rules, (n) => state.batchHash(n));
  const most = simulator.maxGas(call);
  return { simulator, call, gasLimit: request.gas !== undefined && request.gas < most ? request.gas : most };
}

/**
 * The run of a call that ends well.
 * @throws ExecutionError `EXECUTION_TX_INVALID`, `_OPCODE`, `_HASH`, `_HALT`; RpcError `RPC_REVERTED`, its details.data what the code
 * reverted with
 */
async function simulate({ simulator, call, gasLimit }: Prepared, request: CallRequest): Promise<Simulated> {
  if (gasLimit < call.intrinsic) {
    const limit = request.gas === gasLimit ? 'its gas limit' : 'the gas limit that a batch has work for';
    throw refuse('EXECUTION_TX_INVALID', `it needs ${call.intrinsic} gas, and ${limit} is ${gasLimit}`);
  }
  const simulated = await simulator.run(call, gasLimit);
  const { run } = simulated;
  if (run?.halt !== undefined) {
    throw haltError(`The call of ${call.to} fails with ${gasLimit} gas`, run.halt, { to: call.to });
  }
  if (run?.end !== 'revert') return simulated;
  const reason = reasonOf(run.output);
  const message = reason === undefined ? 'execution reverted' : `execution reverted: ${reason}`;
  throw new RpcError(RPC_CODE.reverted, 'RPC_REVERTED', message, { details: { data: run.output } });
}

/** The text in Solidity's `Error(string)`. */
function reasonOf(output: Hex): string | undefined {
  if (!output.startsWith('0x08c379a0')) return undefined;
  try {
    return decodeErrorResult({ abi: parseAbi(['error Error(string)']), data: output }).args[0];
  } catch {
    return undefined;
  }
}

function workOf({ data, addresses, keys }: CallRequest, rules: Rules): bigint {
  const bytes = ENVELOPE_BYTES + data.length + 24 * addresses + 33 * keys.length;
  return workOfItem(bytes, rules) + rules.wAccess * BigInt(addresses + keys.length);
}

function refuse(code: ExecutionErrorCode, why: string, hint?: string): ExecutionError {
  const message = `The transaction would not be admitted: ${why}.`;
  return new ExecutionError(code, message, hint === undefined ? {} : { hint });
}
