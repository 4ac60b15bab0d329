import type { Address, Hex } from 'viem';
import { compareHex, type DiffItem } from '../../src/batch/diff.js';
import type { Account, AccountAccess } from '../../src/batch/types.js';
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

/** A value before a range of batches and after it. */
interface Span<T> {
  readonly pre: T;
  readonly post: T;
}

/** What a range of batches changed, by account: its fields, and its slots by key. */
interface Spans {
  readonly accounts: ReadonlyMap<Address, Span<Account>>;
  readonly slots: ReadonlyMap<Address, ReadonlyMap<Hex, Span<bigint>>>;
  readonly reached: bigint;
}

/**
 * What the batches after `from` changed, up to `to` or to the first one with which it is more than `most` accounts and slots: every key
 * once, with its value after the last of them. Account fields stand in it whether they changed or not. All of it is what change sets say,
 * which are sealed, and nothing what the present state says.
 * @param seen a view of the present from which on no batch may be taken back: two chains would mix
 * @throws StateError `STATE_PRUNED`, `STATE_UNKNOWN_BATCH`, `STATE_REVERTED`, `STATE_CORRUPT`
 */
export async function changesAfter(
  state: FlatState,
  seen: FlatView,
  from: bigint,
  to: bigint,
  most = Number.POSITIVE_INFINITY,
): Promise<MergedChanges> {
  try {
    const { accounts, slots, reached } = await spansOf(state, from, to, most);
    const diff = addressesOf({ accounts, slots }).map((address): DiffItem => {
      const keys = [...(slots.get(address) ?? [])].sort(([a], [b]) => compareHex(a, b));
      return { address, ...accounts.get(address)?.post, slots: keys.map(([key, { post }]) => ({ key, value: post })) };
    });
    return { diff, reached, hash: await state.batchHash(reached) };
  } finally {
    // Of batches that are gone neither a result nor an error counts.
    await seen.catchUp();
  }
}

/** The accounts and slots that the batches after `from` changed up to `to`, before and after, as change sets say. */
export async function accessesOf(state: FlatState, from: bigint, to: bigint): Promise<AccountAccess[]> {
  const spans = await spansOf(state, from, to);
  const view = await state.asOf(from);
  return Promise.all(
    addressesOf(spans).map(async (address) => {
      const same = async () => {
        const account = await view.account(address);
        return { pre: account, post: account };
      };
      const slots = [...(spans.slots.get(address) ?? [])].sort(([a], [b]) => compareHex(a, b));
      return {
        address,
        ...(spans.accounts.get(address) ?? (await same())),
        slots: slots.map(([key, span]) => ({ key, ...span })),
      };
    }),
  );
}

async function spansOf(state: FlatState, from: bigint, to: bigint, most = Number.POSITIVE_INFINITY): Promise<Spans> {
  const accounts = new Map<Address, Span<Account>>();
  const slots = new Map<Address, Map<Hex, Span<bigint>>>();
  let size = 0;
  let reached = from;
  while (reached < to && size <= most) {
    const changed = await state.changes(++reached);
    for (const { address, pre, post } of changed.accounts) {
      accounts.set(address, { pre: accounts.get(address)?.pre ?? pre, post });
    }
    for (const { address, key, pre, post } of changed.slots) {
      const keys = slots.get(address) ?? new Map<Hex, Span<bigint>>();
      slots.set(address, keys.set(key, { pre: keys.get(key)?.pre ?? pre, post }));
    }
    size += changed.accounts.length + changed.slots.length;
  }
  return { accounts, slots, reached };
}

function addressesOf({ accounts, slots }: Pick<Spans, 'accounts' | 'slots'>): Address[] {
  return [...new Set([...accounts.keys(), ...slots.keys()])].sort(compareHex);
}
