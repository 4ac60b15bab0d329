import {
  BlockNotFoundError,
  fallback,
  type Hex,
  type HttpTransportConfig,
  type PublicClient,
  type Transport,
} from 'viem';
import { L1Error } from '../errors/l1.js';
import { l1Transport } from './limits.js';

/** One transport over several nodes of L1: the next one is asked when one does not answer, or does not know what it is asked about. */
export function endpointsTransport(urls: readonly string[], config: HttpTransportConfig): Transport {
  const [first, ...others] = urls.map((url) => l1Transport(url, config));
  return others.length === 0 ? first! : (fallback([first!, ...others]) as Transport);
}

/** A block as somebody has seen it. */
export interface SeenBlock {
  readonly number: bigint;
  readonly hash: Hex;
}

/** The hash of L1's block at a height; undefined when the node is not so high. */
export async function blockHashAt(
  reader: Pick<PublicClient, 'getBlock'>,
  blockNumber: bigint,
): Promise<Hex | undefined> {
  try {
    return (await reader.getBlock({ blockNumber })).hash;
  } catch (error) {
    if (error instanceof BlockNotFoundError) return undefined;
    throw error;
  }
}

/** What {@link checkAgreement} takes. */
export interface Agreement {
  /** One client for each node. */
  readonly readers: readonly PublicClient[];
  /** Nodes that must say the same. */
  readonly needed: number;
  readonly block: SeenBlock;
  /** What was seen there, as `ask` writes it. */
  readonly seen: string;
  /** Asks a node at that block. */
  readonly ask: (reader: PublicClient) => Promise<string>;
}

/**
 * Asks several nodes for what money is to be staked on: enough of them must have the block in their chain and see the same there. A node
 * that does not answer, or is behind, does not count.
 * @throws L1Error `L1_ENDPOINTS_DISAGREE`
 */
export async function checkAgreement({ readers, needed, block, seen, ask }: Agreement): Promise<void> {
  if (needed <= 1) return;
  const words = await Promise.all(
    readers.map(async (reader) => {
      try {
        const hash = await blockHashAt(reader, block.number);
        if (hash !== block.hash) return hash === undefined ? 'is behind' : `has block ${hash}`;
        return (await ask(reader)) === seen ? undefined : 'sees something else';
      } catch {
        return 'does not answer';
      }
    }),
  );
  const agreed = words.filter((word) => word === undefined).length;
  if (agreed >= needed) return;
  const others = words.flatMap((word, i) => (word === undefined ? [] : [`node ${i + 1} ${word}`])).join(', ');
  const message = `${agreed} of ${readers.length} L1 nodes say the same at block ${block.number}, ${needed} must (${others}).`;
  throw new L1Error('L1_ENDPOINTS_DISAGREE', message, { hint: 'Nothing was staked; it is asked again.' });
}
