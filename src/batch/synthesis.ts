import { type Address, type Hex, keccak256 } from 'viem';
import type { AccountChanges, BlockAccessList } from './access-list.js';
import { compareHex, type DiffItem } from './diff.js';

/**
 * What the batches of these lists, one after another, leave behind: for every account the last value of each field and slot that a list
 * changes. A field that none changes stays absent, a slot that ends as 0 is kept (a deletion), and an account that is only read is left
 * out. A value may be the one from before the first batch (changed and changed back), so this is not the diff whose hash is claimed.
 * @returns by ascending address
 */
export function synthesize(lists: readonly BlockAccessList[]): DiffItem[] {
  return mergeDiffs(lists.map((list) => list.map(lastValues)));
}

/** Several diffs, one after another, as one: the same fold, of which the last value of a field or slot is left. */
export function mergeDiffs(diffs: readonly (readonly DiffItem[])[]): DiffItem[] {
  const merged = new Map<Address, { fields: Omit<DiffItem, 'address' | 'slots'>; readonly slots: Map<Hex, bigint> }>();
  for (const { address, slots, ...fields } of diffs.flat()) {
    const known = merged.get(address) ?? { fields: {}, slots: new Map() };
    known.fields = { ...known.fields, ...fields };
    for (const { key, value } of slots) known.slots.set(key, value);
    merged.set(address, known);
  }
  return [...merged]
    .filter(([, { fields, slots }]) => slots.size > 0 || Object.keys(fields).length > 0)
    .map(([address, { fields, slots }]) => ({ address, ...fields, slots: sorted(slots) }))
    .sort((a, b) => compareHex(a.address, b.address));
}

function lastValues(account: AccountChanges): DiffItem {
  const { address, nonceChanges, balanceChanges, codeChanges, storageChanges } = account;
  const [nonce, balance, code] = [nonceChanges.at(-1), balanceChanges.at(-1), codeChanges.at(-1)];
  return {
    address,
    ...(nonce === undefined ? {} : { nonce: nonce.value }),
    ...(balance === undefined ? {} : { balance: balance.value }),
    ...(code === undefined ? {} : { codeHash: keccak256(code.value) }),
    slots: storageChanges.flatMap(({ slot: key, changes }) => {
      const last = changes.at(-1);
      return last === undefined ? [] : [{ key, value: last.value }];
    }),
  };
}

function sorted(slots: ReadonlyMap<Hex, bigint>): DiffItem['slots'] {
  return [...slots].map(([key, value]) => ({ key, value })).sort((a, b) => compareHex(a.key, b.key));
}
