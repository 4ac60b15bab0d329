import { BaseError, type Hex, type HttpTransportConfig, http, type Transport } from 'viem';
import { byteLength } from '../batch/bytes.js';
import { L1Error } from '../errors/l1.js';

/** EIP-7825: gas of one transaction. */
export const MAX_TRANSACTION_GAS = 1n << 24n;
/** Bytes of one signed transaction that nodes take into their pools and pass on (geth's txMaxSize). */
export const MAX_TRANSACTION_BYTES = 131_072;
/**
 * Bytes of a signed transaction of type 2 beside its data, at most: type 1, three list and string headers of 4, chain id, nonce and
 * gas limit 9 each, both fees, value, r and s 33 each, recipient 21, access list and parity 1 each.
 */
export const ENVELOPE_BYTES = 224;

/** Blocks below the newest that no reorganisation of L1 reaches: two epochs, after which it is final. */
export const REORG_DEPTH = 64n;

/**
 * Refuses calldata (or creation code) that does not fit one transaction, before anybody signs it.
 * @throws L1Error `L1_TRANSACTION_BYTES`
 */
export function checkTransactionBytes(data: Hex): void {
  refuseBytes(byteLength(data) + ENVELOPE_BYTES);
}

/**
 * Refuses gas that no transaction may have. What needs more is never sent with less: it would use it all up and fail.
 * @throws L1Error `L1_TRANSACTION_GAS`
 */
export function checkTransactionGas(gas: bigint): void {
  if (gas > MAX_TRANSACTION_GAS) refuseGas(`${gas} gas`);
}

/**
 * Gives a node's answer to an estimate its name when it says that all the gas of a transaction is not enough.
 * @throws L1Error `L1_TRANSACTION_GAS`
 */
export function checkEstimateError(error: unknown): void {
  const allowance = /gas required exceeds allowance:? \(?(\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  if (allowance !== undefined && BigInt(allowance) >= MAX_TRANSACTION_GAS) refuseGas(`more than ${allowance} gas`);
}

/**
 * JSON-RPC of an L1, through which no transaction goes that nodes would not pass on, whoever signed it: anvil takes what an L1
 * refuses. Its requests throw viem's error with the L1Error `L1_TRANSACTION_BYTES` as cause (viem reads what a transport throws).
 */
export function l1Transport(url: string, config: HttpTransportConfig = {}): Transport {
  const open = http(url, config);
  return (parameters) => {
    const transport = open(parameters);
    const request: typeof transport.request = async (call) => {
      if (call.method === 'eth_sendRawTransaction') checkRawTransaction((call.params as [Hex])[0]);
      return transport.request(call);
    };
    return { ...transport, request };
  };
}

function checkRawTransaction(raw: Hex): void {
  try {
    refuseBytes(byteLength(raw));
  } catch (cause) {
    throw new BaseError((cause as L1Error).message, { cause: cause as L1Error });
  }
}

function refuseBytes(bytes: number): void {
  if (bytes <= MAX_TRANSACTION_BYTES) return;
  throw new L1Error('L1_TRANSACTION_BYTES', `A transaction of ${bytes} bytes is above ${MAX_TRANSACTION_BYTES}.`, {
    hint: 'Nodes do not pass it on. A bundle of that size goes up in parts.',
    details: { bytes, limit: MAX_TRANSACTION_BYTES },
  });
}

function refuseGas(needed: string): never {
  throw new L1Error('L1_TRANSACTION_GAS', `A transaction that needs ${needed} is above ${MAX_TRANSACTION_GAS}.`, {
    hint: 'It was not sent. A bundle that needs so much goes up in parts.',
    details: { limit: MAX_TRANSACTION_GAS.toString() },
  });
}
