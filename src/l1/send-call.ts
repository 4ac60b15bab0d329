import {
  type Account,
  type Address,
  BaseError,
  type Chain,
  decodeErrorResult,
  type Hex,
  isHex,
  type PublicClient,
  type TransactionReceipt,
  TransactionReceiptNotFoundError,
  type Transport,
  type WalletClient,
} from 'viem';
import { Dispute, ProofVerifier, Rollup } from '../../contracts/generated/artifacts.js';
import { L1Error } from '../errors/l1.js';
import { checkEstimateError, checkTransactionBytes, checkTransactionGas, MAX_TRANSACTION_GAS } from './limits.js';

/** A transaction to one of the contracts, before anybody signs it: what identifies a move. */
export interface L1Call {
  readonly to: Address;
  readonly data: Hex;
  /** Wei sent along. */
  readonly value: bigint;
}

/** A wallet with its account. */
export type Wallet = WalletClient<Transport, Chain | undefined, Account>;

/** Options of {@link sendCall}. */
export interface SendOptions {
  /** By default the estimate and a quarter: what a move costs may change with L1's time and other people's moves. */
  readonly gas?: bigint;
  readonly nonce?: number;
}

/**
 * Signs and sends a call and waits for its receipt.
 * @throws L1Error, before anything is signed, `L1_TRANSACTION_GAS` or `L1_TRANSACTION_BYTES` when no transaction can carry it;
 * `L1_REVERTED` with the contract's error by name, whether L1 refuses the call beforehand or in its block;
 * `L1_NO_RECEIPT` when it is not mined in time
 */
export async function sendCall(
  wallet: Wallet,
  reader: PublicClient,
  call: L1Call,
  options: SendOptions = {},
): Promise<TransactionReceipt> {
  checkTransactionBytes(call.data);
  const estimate = () => reader.estimateGas({ ...call, account: wallet.account });
  const gas = options.gas ?? withMargin(await estimate().catch((error: unknown) => refusedCall(call, error)));
  checkTransactionGas(gas);
  const hash = await wallet
    .sendTransaction({ ...call, ...options, gas, chain: wallet.chain ?? null })
    .catch((error: unknown) => refusedCall(call, error));
  return minedCall(reader, wallet.account, call, await waitForReceipt(reader, hash));
}

/** The receipt of a call that did what it should. @throws L1Error `L1_REVERTED` with the contract's error by name */
export async function minedCall(
  reader: PublicClient,
  account: Account,
  call: L1Call,
  receipt: TransactionReceipt,
): Promise<TransactionReceipt> {
  if (receipt.status === 'success') return receipt;
  const hash = receipt.transactionHash;
  // The state before the block says why; where it does not, somebody was earlier in the same block, and the state behind it does.
  for (const blockNumber of [receipt.blockNumber - 1n, receipt.blockNumber]) {
    await reader.call({ ...call, account, blockNumber }).catch((error: unknown) => refusedCall(call, error, hash));
  }
  throw new L1Error('L1_REVERTED', `Transaction ${hash} failed in block ${receipt.blockNumber}, e.g. out of gas.`, {
    details: { transaction: hash },
  });
}

/** A quarter more, within what L1 allows one transaction (EIP-7825). @throws L1Error `L1_TRANSACTION_GAS` */
export function withMargin(gas: bigint): bigint {
  checkTransactionGas(gas);
  const more = (gas * 5n) / 4n;
  return more < MAX_TRANSACTION_GAS ? more : MAX_TRANSACTION_GAS;
}

/**
 * Asks for the receipt until it is there. (viem's waitForTransactionReceipt asks again only when a block is new; on an L1
 * that mines on demand it waits for ever when the block is visible a moment before its receipts.)
 * @throws L1Error `L1_NO_RECEIPT` after `timeout` milliseconds
 */
export async function waitForReceipt(reader: PublicClient, hash: Hex, timeout = 180_000): Promise<TransactionReceipt> {
  for (const end = Date.now() + timeout; ; ) {
    try {
      return await reader.getTransactionReceipt({ hash });
    } catch (error) {
      if (!(error instanceof TransactionReceiptNotFoundError)) throw error;
    }
    if (Date.now() > end) {
      throw new L1Error('L1_NO_RECEIPT', `Transaction ${hash} was not mined within ${timeout / 1_000} seconds.`, {
        hint: 'It may still be; send it again with the same nonce and a higher fee.',
        details: { transaction: hash },
      });
    }
    await new Promise((resolve) => setTimeout(resolve, Math.min(reader.pollingInterval, 1_000)));
  }
}

/**
 * The contracts' own error inside whatever viem threw, e.g. `StaleMove`; undefined when there is none (L1 is away, the
 * account cannot pay).
 */
export function contractError(error: unknown): { name: string; args: readonly unknown[] } | undefined {
  if (!(error instanceof BaseError)) return undefined;
  const data = revertData(error);
  return data === undefined || data === '0x' ? undefined : errorNamed(data);
}

/** The contracts' own error that this revert data is, by name; what is none of them by its selector. */
export function errorNamed(data: Hex): { name: string; args: readonly unknown[] } {
  for (const { abi } of [Dispute, Rollup, ProofVerifier]) {
    try {
      const { errorName, args } = decodeErrorResult({ abi, data });
      return { name: errorName, args: (args ?? []) as readonly unknown[] };
    } catch {
      // Not an error of this contract: the next one is asked.
    }
  }
  return { name: data.slice(0, 10), args: [] };
}

/** The revert data, which viem keeps in different places by the action that failed. */
function revertData(error: BaseError): Hex | undefined {
  let found: Hex | undefined;
  error.walk((cause) => {
    const { data, raw } = cause as { data?: unknown; raw?: unknown };
    const inner = typeof data === 'object' && data !== null ? (data as { data?: unknown }).data : data;
    found = [raw, inner].find((value): value is Hex => isHex(value));
    return found !== undefined;
  });
  return found;
}

/**
 * Gives what L1 or its node said against a call its name; what has none is thrown as it is.
 * @throws L1Error `L1_REVERTED` with the contract's error by name, `L1_TRANSACTION_GAS`
 */
export function refusedCall(call: L1Call, error: unknown, transaction?: Hex): never {
  const found = contractError(error);
  if (found === undefined) {
    checkEstimateError(error);
    throw error;
  }
  const args = found.args.map(String);
  throw new L1Error('L1_REVERTED', `${call.to} refuses the call: ${found.name}(${args.join(', ')}).`, {
    details: { error: found.name, args: args.join(', '), transaction: transaction ?? null },
    cause: error,
  });
}
