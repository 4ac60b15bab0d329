import type { Hex } from 'viem';
import type { Rules } from '../../src/batch/types.js';
import { RPC_CODE, RpcError } from '../../src/errors/rpc.js';
import type { FlatState } from '../../src/state/flat-state.js';
import type { StateView } from '../../src/state/view.js';
import type { Mempool } from '../agents/mempool.js';
import type { AnnouncementFolder } from '../node/announcement-folder.js';
import type { BlockRef } from './block-ref.js';
import type { BlockRoots } from './block-roots.js';
import type { ChainFeed } from './chain-feed.js';
import type { ChainIndex } from './chain-index.js';
import type { Filters } from './filters.js';
import type { Finality } from './finality.js';
import type { Journal } from './journal.js';
import type { LogCriteria } from './logs.js';

/** A transaction that the mempool has taken. */
export interface PendingTransaction {
  readonly hash: Hex;
  readonly raw: Hex;
}

/** What a connection wants to be told. */
export type Topic =
  | { readonly kind: 'newHeads' }
  | { readonly kind: 'logs'; readonly criteria: LogCriteria }
  | { readonly kind: 'newPendingTransactions'; readonly whole: boolean };

/** A connection that can be told things. */
export interface Session {
  /** The name of the subscription. @throws RpcError `RPC_SUBSCRIPTION` when it has too many */
  subscribe(topic: Topic): Promise<Hex>;
  /** Whether it was there. */
  unsubscribe(id: Hex): boolean;
}

/** What methods answer from. */
export interface RpcContext {
  readonly rules: Rules;
  readonly state: Pick<FlatState, 'head' | 'view' | 'asOf' | 'batch' | 'batchHash'>;
  readonly mempool: Mempool;
  readonly index: ChainIndex;
  readonly roots: BlockRoots;
  readonly feed: ChainFeed;
  /** The transactions that came in by this door. */
  readonly pending: Journal<PendingTransaction>;
  readonly filters: Filters;
  /** Of a node that asks L1. */
  readonly finality?: Pick<Finality, 'confirmed'>;
  /** The connection on which a request came, where it is one that can be told things. */
  readonly session?: Session;
  /** Of a node that announces what its batches touch. */
  readonly announcements?: Pick<AnnouncementFolder, 'get'>;
  /** Name and version of this program. */
  readonly clientVersion: string;
}

/**
 * The number of the batch that a caller names; the genesis is 0. What would be the pending block has no number.
 * @returns undefined when there is no such batch, or no L1 that says which is `safe` or `finalized`
 * @throws RpcError `RPC_L1_UNAVAILABLE`
 */
export async function findNumber(context: RpcContext, ref: BlockRef): Promise<bigint | undefined> {
  if (ref === 'pending') return undefined;
  if (ref === 'earliest') return 0n;
  if (ref === 'latest') return context.state.head;
  if (ref === 'safe' || ref === 'finalized') return (await context.finality?.confirmed())?.[ref];
  if (typeof ref === 'object') return context.index.numberOf(ref.hash);
  return ref <= context.state.head ? ref : undefined;
}

/** Like {@link findNumber}. @throws RpcError `RPC_BLOCK_UNKNOWN` */
export async function numberOf(context: RpcContext, ref: BlockRef): Promise<bigint> {
  const number = await findNumber(context, ref);
  if (number !== undefined) return number;
  const name = typeof ref === 'object' ? `with hash ${ref.hash}` : ref;
  const message = `There is no block ${name}; the latest is ${context.state.head}.`;
  const hint = ref === 'pending' ? 'What waits is not executed before its batch: use latest.' : 'Use latest.';
  throw new RpcError(RPC_CODE.notFound, 'RPC_BLOCK_UNKNOWN', message, { hint });
}

/**
 * The state after the batch that a caller names.
 * @throws RpcError `RPC_BLOCK_UNKNOWN`, StateError `STATE_PRUNED`
 */
export async function viewAt(context: RpcContext, ref: BlockRef): Promise<StateView> {
  return ref === 'latest' ? context.state.view() : context.state.asOf(await numberOf(context, ref));
}

/** `pending` as `latest`: what waits is not executed before its batch. */
export function unlessPending(ref: BlockRef): BlockRef {
  return ref === 'pending' ? 'latest' : ref;
}
