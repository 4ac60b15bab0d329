import type { Address, Hex } from 'viem';
import { compareHex, type DiffItem } from '../../src/batch/diff.js';
import type { FlatState } from '../../src/state/flat-state.js';
import type { FlatView } from '../../src/state/flat-view.js';

/** What a range of batches changed, as one diff. */
export interface MergedChanges {
  readonly diff: readonly DiffItem[];
  /** The last batch of the range. */
  readonly reached: bigint;
  /** Its hash. */
  readonly hash: Hex;
}

/**
 * What the batches after `from` changed, up to `to` or to the first one with which it is more than `most` accounts and slots: every key
 * once, with its value after the last of them. Account fields stand in it whether they changed or not.
 * @param seen a view of the present from which on no batch may be taken back: two chains would mix
 * @throws StateError `STATE_PRUNED`, `STATE_UNKNOWN_BATCH`, `STATE_REVERTED`
 */
export async function changesAfter(
  state: FlatState,
  seen: FlatView,
  from: bigint,
  to: bigint,
  most = Number.POSITIVE_INFINITY,
): Promise<MergedChanges> {
  try {
    return await merge(state, from, to, most);
  } finally {
    // Of batches that are gone neither a result nor an error counts.
    await seen.catchUp();
  }
}

async function merge(state: FlatState, from: bigint, to: bigint, most: number): Promise<MergedChanges> {
  const { accounts, slots, reached } = await changedKeys(state, from, to, most);
  const view = await state.asOf(reached);
  const addresses = [...new Set([...accounts, ...slots.keys()])].sort(compareHex);
  const diff: DiffItem[] = [];
  for (const address of addresses) {
    const keys = [...(slots.get(address) ?? [])].sort(compareHex);
    diff.push({
      address,
      ...(accounts.has(address) ? await view.account(address) : {}),
      slots: await Promise.all(keys.map(async (key) => ({ key, value: await view.slot(address, key) }))),
    });
  }
  return { diff, reached, hash: await state.batchHash(reached) };
}

/** The accounts, and slots by account, that the batches after `from` changed: {@link changesAfter} says of which. */
export async function changedKeys(state: FlatState, from: bigint, to: bigint, most = Number.POSITIVE_INFINITY) {
  const accounts = new Set<Address>();
  const slots = new Map<Address, Set<Hex>>();
  let size = 0;
  let reached = from;
  while (reached < to && size <= most) {
    const changed = await state.changedKeys(++reached);
    for (const address of changed.accounts) accounts.add(address);
    for (const { address, key } of changed.slots) {
      const keys = slots.get(address) ?? new Set();
      slots.set(address, keys.add(key));
    }
    size += changed.accounts.length + changed.slots.length;
  }
  return { accounts, slots, reached };
}
