import type { Address, Hex } from 'viem';
import { fromHex, toHex } from './bytes.js';
import { rlpBytes, rlpList, rlpUint } from './rlp.js';

/**
 * A block access list as EIP-7928 shapes it: every account and slot that a batch touches, with its values after each item that
 * changed them (FORMATS.md, "Access list" says where this project's differs).
 */
export type BlockAccessList = readonly AccountChanges[];

/** What a batch did to one account. */
export interface AccountChanges {
  readonly address: Address;
  /** Slots with a new value, by ascending slot. */
  readonly storageChanges: readonly SlotChanges[];
  /** Slots that were touched and never changed, 32 bytes each, ascending. */
  readonly storageReads: readonly Hex[];
  readonly balanceChanges: readonly IndexedChange<bigint>[];
  readonly nonceChanges: readonly IndexedChange<bigint>[];
  /** Whole code, `0x` for none. */
  readonly codeChanges: readonly IndexedChange<Hex>[];
}

/** What a batch did to one slot. */
export interface SlotChanges {
  /** 32 bytes. */
  readonly slot: Hex;
  /** At least one. */
  readonly changes: readonly IndexedChange<bigint>[];
}

/** A value after an item that changed it. Lists of them ascend by index. */
export interface IndexedChange<T> {
  /** EIP-7928's block access index: 1 for the first item of the batch. */
  readonly index: number;
  readonly value: T;
}

/** RLP of a list, of which `decodeAccessList` reads the same back. */
export function encodeAccessList(list: BlockAccessList): Hex {
  return toHex(accessListRlp(list));
}

/** Like {@link encodeAccessList}, as bytes. */
export function accessListRlp(list: BlockAccessList): Uint8Array {
  return rlpList(list.map(accountRlp));
}

function accountRlp(account: AccountChanges): Uint8Array {
  const { address, storageChanges, storageReads, balanceChanges, nonceChanges, codeChanges } = account;
  return rlpList([
    rlpBytes(fromHex(address)),
    rlpList(storageChanges.map(({ slot, changes }) => rlpList([slotRlp(slot), changesRlp(changes, rlpUint)]))),
    rlpList(storageReads.map(slotRlp)),
    changesRlp(balanceChanges, rlpUint),
    changesRlp(nonceChanges, rlpUint),
    changesRlp(codeChanges, (code) => rlpBytes(fromHex(code))),
  ]);
}

function slotRlp(slot: Hex): Uint8Array {
  return rlpUint(BigInt(slot));
}

function changesRlp<T>(changes: readonly IndexedChange<T>[], valueRlp: (value: T) => Uint8Array): Uint8Array {
  return rlpList(changes.map(({ index, value }) => rlpList([rlpUint(BigInt(index)), valueRlp(value)])));
}
