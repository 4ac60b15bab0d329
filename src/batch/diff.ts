import { type Address, concat, type Hex, keccak256 } from 'viem';
import { fromHex, toHex } from './bytes.js';
import { ZERO_WORD } from './header.js';
import { rlpBytes, rlpList, rlpUint } from './rlp.js';
import type { AccountAccess } from './types.js';

/** Slots in one item of a diff at most; more go into continuation items (FORMATS.md, "Diff"). */
export const MAX_SLOTS_PER_ITEM = 64;

/** One storage slot after a batch; value 0 means deleted. */
export interface SlotChange {
  readonly address: Address;
  /** 32 bytes. */
  readonly key: Hex;
  readonly value: bigint;
}

/** One account with a change. A field that is absent here did not change. */
export interface DiffItem {
  readonly address: Address;
  readonly nonce?: bigint;
  readonly balance?: bigint;
  readonly codeHash?: Hex;
  /** Changed slots by ascending key. */
  readonly slots: readonly Omit<SlotChange, 'address'>[];
}

/** The slots of an access list whose value changed. */
export function changedSlots(accessList: readonly AccountAccess[]): SlotChange[] {
  return accessList.flatMap(({ address, slots = [] }) =>
    slots.filter(({ pre, post }) => pre !== post).map(({ key, post }) => ({ address, key, value: post })),
  );
}

/**
 * The diff of a batch: one item for each account with a change, by ascending address.
 * @param slots slots whose value changed, in any order: those of the access list when absent
 */
export function diffItems(
  accessList: readonly AccountAccess[],
  slots: readonly SlotChange[] = changedSlots(accessList),
): DiffItem[] {
  const items = new Map<Address, DiffItem & { readonly slots: Omit<SlotChange, 'address'>[] }>();
  for (const { address, pre, post } of accessList) {
    const changed = {
      ...(pre.nonce === post.nonce ? {} : { nonce: post.nonce }),
      ...(pre.balance === post.balance ? {} : { balance: post.balance }),
      ...(pre.codeHash === post.codeHash ? {} : { codeHash: post.codeHash }),
    };
    if (Object.keys(changed).length > 0) items.set(address, { address, ...changed, slots: [] });
  }
  for (const { address, key, value } of [...slots].sort((a, b) => compareHex(a.key, b.key))) {
    const item = items.get(address) ?? { address, slots: [] };
    item.slots.push({ key, value });
    items.set(address, item);
  }
  return [...items.values()].sort((a, b) => compareHex(a.address, b.address));
}

/** RLP of a diff: the byte strings that `h(Δ)` rolls over, continuation items included. */
export function encodeDiff(items: readonly DiffItem[]): Hex[] {
  return items.flatMap((item) => {
    const parts: Hex[] = [];
    for (let from = 0; from === 0 || from < item.slots.length; from += MAX_SLOTS_PER_ITEM) {
      const slots = item.slots.slice(from, from + MAX_SLOTS_PER_ITEM);
      parts.push(encodeItem(from === 0 ? { ...item, slots } : { address: item.address, slots }));
    }
    return parts;
  });
}

/** `h(Δ)`: `h ← keccak(h ‖ keccak(item))` from h = 0. */
export function diffHash(items: readonly DiffItem[]): Hex {
  return encodeDiff(items).reduce<Hex>((h, item) => keccak256(concat([h, keccak256(item)])), ZERO_WORD);
}

/** RLP of a slot in an item. */
export function encodeDiffSlot({ key, value }: Omit<SlotChange, 'address'>): Hex {
  return toHex(diffSlot({ key, value }));
}

function diffSlot({ key, value }: Omit<SlotChange, 'address'>): Uint8Array {
  return rlpList([rlpBytes(fromHex(key)), rlpUint(value)]);
}

function encodeItem({ address, nonce, balance, codeHash, slots }: DiffItem): Hex {
  const unchanged = rlpList([]);
  return toHex(
    rlpList([
      rlpBytes(fromHex(address)),
      nonce === undefined ? unchanged : rlpUint(nonce),
      balance === undefined ? unchanged : rlpUint(balance),
      codeHash === undefined ? unchanged : rlpBytes(fromHex(codeHash)),
      rlpList(slots.map(diffSlot)),
    ]),
  );
}

/** Order of lower-case hex strings of one length, which is the order of the numbers. */
export function compareHex(a: Hex, b: Hex): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
