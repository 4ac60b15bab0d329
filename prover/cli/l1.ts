import {
  BaseError,
  type Chain,
  ContractFunctionRevertedError,
  ContractFunctionZeroDataError,
  createPublicClient,
  defineChain,
  HttpRequestError,
  type PublicClient,
  TimeoutError,
  type Transport,
} from 'viem';
import { L1Error } from '../../src/errors/l1.js';
import { UsageError } from '../../src/errors/usage.js';
import { l1Transport } from '../../src/l1/limits.js';
import { contractError } from '../../src/l1/send-call.js';
import { withoutPassword } from '../config/options.js';

/** An L1 that has answered. */
export interface ConnectedL1 {
  readonly reader: PublicClient<Transport, Chain>;
  readonly chain: Chain;
  readonly transport: Transport;
  /** For people: without a password. */
  readonly url: string;
}

/** Asks the L1 behind `--l1` for its chain id. @throws UsageError `USAGE_L1`; L1Error `L1_UNREACHABLE`, `L1_REFUSED`, `L1_WRONG_ANSWER` */
export async function connectL1(address: string): Promise<ConnectedL1> {
  const url = withoutPassword(address);
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
    throw new UsageError('USAGE_L1', `--l1 is "${url}", not a JSON-RPC URL.`, { hint: 'Write http://host:port.' });
  }
  const transport = l1Transport(address, { retryCount: 1, timeout: 30_000 });
  const id = await createPublicClient({ transport })
    .getChainId()
    .catch((error: unknown) => (error instanceof BaseError ? failed(url, error) : undefined)); // viem finds no number
  if (id === undefined || !Number.isSafeInteger(id))
    throw new L1Error('L1_WRONG_ANSWER', `${url} names no chain id: it is no L1.`);
  const chain = defineChain({
    id,
    name: `chain ${id}`,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [address] } },
  });
  return { chain, transport, url, reader: createPublicClient({ chain, transport, pollingInterval: 100 }) };
}

/** Whether viem says that a call found no contract, or one without that function: ours always answer a view. */
export function isNoAnswer(error: unknown): boolean {
  return error instanceof ContractFunctionZeroDataError || error instanceof ContractFunctionRevertedError;
}

/**
 * Gives what viem throws a name of ours: L1 is away (`L1_UNREACHABLE`), a contract refuses (`L1_REVERTED`, with its error), or
 * L1 itself does (`L1_REFUSED`: no money, a limit of the node, ...). Other errors stay as they are.
 */
export function failed(url: string, error: unknown): never {
  if (!(error instanceof BaseError)) throw error;
  const away = error.walk((cause) => cause instanceof HttpRequestError || cause instanceof TimeoutError);
  if (away !== null) {
    throw new L1Error('L1_UNREACHABLE', `No L1 answers at ${url}: ${(away as BaseError).details || 'no answer'}.`, {
      hint: 'Is it running, and is this its JSON-RPC address?',
      cause: error,
    });
  }
  const found = contractError(error);
  if (found !== undefined) {
    throw new L1Error('L1_REVERTED', `The contract refuses: ${found.name}(${found.args.map(String).join(', ')}).`, {
      details: { error: found.name },
      cause: error,
    });
  }
  throw new L1Error('L1_REFUSED', `${url} refuses: ${error.shortMessage} ${error.details ?? ''}`.trim(), {
    cause: error,
  });
}
