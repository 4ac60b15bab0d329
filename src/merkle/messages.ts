import type { Hex } from 'viem';
import type { SerializedError } from '../errors/base.js';
import type { GenesisAccount } from '../trie/state.js';
import type { Merkleiser } from './types.js';

/** What the thread of the tries is started with. */
export interface ThreadData {
  readonly folder: string;
  /** Threads that only hash, beside it. */
  readonly hashThreads: number;
  readonly firstTicket: number;
  readonly released: Int32Array<SharedArrayBuffer>;
}

/** Calls that go to the thread as they are. */
export type Method = Exclude<keyof Merkleiser, 'release' | 'build' | 'close'>;

/** A genesis account that can be cloned. */
export type ClonedAccount = Omit<GenesisAccount, 'storage'> & { readonly storage: (readonly [Hex, bigint])[] };

/** To the thread. A build's accounts follow when they are asked for (`more`); none are left after an empty list. */
export type Request =
  | { readonly id: number; readonly method: Method; readonly args: readonly unknown[] }
  | { readonly id: number; readonly method: 'build'; readonly name: Hex }
  | { readonly id: number; readonly method: 'accounts'; readonly accounts: readonly ClonedAccount[] }
  | { readonly id: number; readonly method: 'noAccounts'; readonly error: SerializedError }
  | { readonly id: number; readonly method: 'close' };

/** From the thread. */
export type Answer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: SerializedError }
  | { readonly id: number; readonly more: true };
