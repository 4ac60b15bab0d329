import type { Address, Hex } from 'viem';
import type { CodeRun, SlotKey } from '../evm/run.js';
import type { BlockAccessList } from './access-list.js';

/** The constants of f, fixed for a rollup (FORMATS.md, "Rules of a version"). */
export interface Rules {
  readonly version: bigint;
  readonly chainId: bigint;
  /** Wei per gas, burned. */
  readonly baseFee: bigint;
  /** Gas of a batch. */
  readonly gasLimit: bigint;
  readonly maxItems: number;
  readonly maxBytes: number;
  /** Work of every transaction. */
  readonly w0: bigint;
  /** Work reserved per gas. */
  readonly w1: bigint;
  /** Work per byte of a transaction. */
  readonly w2: bigint;
  /** Work reserved per access-list entry (address or key). */
  readonly wAccess: bigint;
  /** Work reserved by every transaction for the code that it may run. */
  readonly wCode: bigint;
  /** Work of a batch, below 2^48. */
  readonly workBudget: bigint;
}

/** A batch's header (FORMATS.md, "Batch"); its hash names the batch. */
export interface Header {
  readonly version: bigint;
  readonly number: bigint;
  readonly parent: Hex;
  readonly txsHash: Hex;
  readonly timestamp: bigint;
  readonly originNumber: bigint;
  /** Hash of the L1 origin block; prevRandao of the batch. */
  readonly originHash: Hex;
  readonly feeRecipient: Address;
  readonly gasLimit: bigint;
  readonly baseFee: bigint;
  readonly chainId: bigint;
}

/** One L2 block: header and raw transactions. */
export interface Batch {
  readonly header: Header;
  readonly txs: readonly Hex[];
}

/** A transaction that L1 and the node parse alike (FORMATS.md, "Transactions"). */
export interface ParsedTx {
  readonly kind: 'tx';
  readonly sender: Address;
  readonly to: Address;
  readonly nonce: bigint;
  readonly value: bigint;
  readonly gasLimit: bigint;
  /** Intrinsic gas. */
  readonly intrinsic: bigint;
  /** Wei per gas the sender pays: baseFee + tip. */
  readonly price: bigint;
  /** Effective tip, wei per gas. */
  readonly tip: bigint;
  readonly maxCost: bigint;
  readonly dataLen: bigint;
  readonly use: bigint;
  readonly reserve: bigint;
  /** Calldata. */
  readonly data: Hex;
  /** The storage keys of its access list, in their order; one that is named twice stands here twice. */
  readonly keys: readonly SlotKey[];
}

/** An item that is skipped on its bytes and the rules alone. */
export interface BadTx {
  readonly kind: 'bad';
  /** Which line of FORMATS.md fails, in words; for people only, no part of any format. */
  readonly reason: string;
  readonly use: bigint;
}

/** Why a parsed transaction is skipped (FORMATS.md, "Execution of a batch", 4). */
export type SkipReason = 'nonce' | 'senderCode' | 'balance' | 'gasLimit' | 'work';

/** What happened to one item of a batch. */
export type Outcome =
  | BadTx
  | { readonly kind: 'skipped'; readonly tx: ParsedTx; readonly reason: SkipReason }
  | {
      readonly kind: 'executed';
      readonly tx: ParsedTx;
      readonly gasUsed: bigint;
      /** What the recipient's code did; absent in a transfer. */
      readonly run?: CodeRun;
    }
  | { readonly kind: 'cutOff' };

/** The fields of an account; absent is `EMPTY_ACCOUNT`. */
export interface Account {
  readonly nonce: bigint;
  readonly balance: bigint;
  readonly codeHash: Hex;
}

/** A storage slot before and after a batch. */
export interface SlotAccess {
  /** 32 bytes. */
  readonly key: Hex;
  readonly pre: bigint;
  readonly post: bigint;
}

/** One entry of a batch's access list: an account before and after. */
export interface AccountAccess {
  readonly address: Address;
  readonly pre: Account;
  readonly post: Account;
  /** Its touched slots, by ascending key; none when absent. */
  readonly slots?: readonly SlotAccess[];
}

/** What replaying a batch from flat state yields; no trie is read for it. */
export interface Replay {
  readonly batch: Batch;
  readonly rules: Rules;
  /** One outcome per item. */
  readonly outcomes: readonly Outcome[];
  /** Every touched account, by ascending address. */
  readonly accessList: readonly AccountAccess[];
  /** The same accounts and slots, with their values after each item that changed them. */
  readonly blockAccessList: BlockAccessList;
  /** Items that are not cut off. */
  readonly read: number;
  readonly gasUsed: bigint;
  /** Work left at the end. */
  readonly work: bigint;
  /**
   * By hash, every code that the outcomes depend on: of each executed transaction that ran code, and of each that is skipped for
   * the work of its recipient's code.
   */
  readonly codes: ReadonlyMap<Hex, Hex>;
}

/** keccak-256 of the empty string: the code hash of an account without code. */
export const EMPTY_CODE_HASH: Hex = '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470';

/** An absent account. */
export const EMPTY_ACCOUNT: Account = { nonce: 0n, balance: 0n, codeHash: EMPTY_CODE_HASH };

/** Nonce 0, balance 0, no code: absent from the state (EIP-161). */
export function isEmptyAccount({ nonce, balance, codeHash }: Account): boolean {
  return nonce === 0n && balance === 0n && codeHash === EMPTY_CODE_HASH;
}
