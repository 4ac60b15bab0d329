import {
  BaseError,
  type Chain,
  ContractFunctionRevertedError,
  ContractFunctionZeroDataError,
  createPublicClient,
  defineChain,
  type PublicClient,
  type Transport,
} from 'viem';
import { L1Error } from '../../src/errors/l1.js';
import { UsageError } from '../../src/errors/usage.js';
import { endpointsTransport } from '../../src/l1/endpoints.js';
import { l1Transport } from '../../src/l1/limits.js';
import { namedL1Error } from '../../src/l1/named-error.js';
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

/**
 * Several nodes of one L1 as one: those that answer must be of the chain, and one has to.
 * @throws L1Error `L1_WRONG_CHAIN`; what {@link connectL1} throws when none answers
 */
export async function connectEndpoints(urls: readonly string[], chainId: number): Promise<ConnectedL1> {
  const tries = await Promise.allSettled(urls.map(connectL1));
  const answering = tries.filter((one) => one.status === 'fulfilled').map(({ value }) => value);
  for (const { url, chain } of answering) {
    if (chain.id === chainId) continue;
    throw new L1Error('L1_WRONG_CHAIN', `${url} is chain ${chain.id}; the deployment is on ${chainId}.`, {
      hint: 'Correct --l1 or --deployment.',
    });
  }
  const [first] = answering;
  if (first === undefined) throw (tries[0] as PromiseRejectedResult).reason;
  const { chain } = first;
  const transport = endpointsTransport(urls, { retryCount: 1, timeout: 30_000 });
  const url = urls.map(withoutPassword).join(', ');
  return { chain, transport, url, reader: createPublicClient({ chain, transport, pollingInterval: 100 }) };
}

/** Whether viem says that a call found no contract, or one without that function: ours always answer a view. */
export function isNoAnswer(error: unknown): boolean {
  return error instanceof ContractFunctionZeroDataError || error instanceof ContractFunctionRevertedError;
}

/** Throws what viem threw with a name of ours ({@link namedL1Error}). */
export function failed(url: string, error: unknown): never {
  throw namedL1Error(url, error);
}
