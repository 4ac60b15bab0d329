import type { Turns } from '../batch/turns.js';
import { type Account, EMPTY_ACCOUNT, isEmptyAccount } from '../batch/types.js';
import { TrieError } from '../errors/trie.js';
import type { DraftRef, LeafValue, TrieNode } from '../trie/node.js';
import type { Path } from '../trie/path.js';
import { accountAt } from '../trie/state.js';
import { readerOf } from '../trie/store.js';
import { changeTrie, type LeafChange } from '../trie/update.js';
import type { Place } from './types.js';

/** A diff's item by keys of the tries. */
export interface AccountChange {
  readonly key: Path;
  /** The fields that change. */
  readonly fields: Partial<Account>;
  /** Slots that change; value 0 deletes. */
  readonly slots: readonly { readonly key: Path; readonly value: bigint }[];
}

/** A state after changes, not hashed yet. */
export interface ChangedState {
  /** The account trie. Below its accounts' leaves their storage is drafted where it changes. */
  readonly top: DraftRef;
  /** Places whose nodes are gone or changed. */
  readonly left: readonly Place[];
}

/**
 * The tries of state `root` after changes. Fields that do not change are those of the old account, else of an absent one; empty
 * accounts (EIP-161) vanish.
 * @param known the nodes that `prefetch` read
 * @throws TrieError `TRIE_BAD_STATEMENT` (an account or slot twice; an account vanishes but its storage does not), `TRIE_KEYS_TOO_CLOSE`
 */
export async function changeState(
  root: bigint,
  accounts: readonly AccountChange[],
  known: ReadonlyMap<bigint, TrieNode>,
  turns: Turns,
): Promise<ChangedState> {
  const get = readerOf(known);
  const left: Place[] = [];
  const change = async (trie: Path, root: bigint, changes: readonly LeafChange<DraftRef>[]): Promise<DraftRef> => {
    const steps = changeTrie(root, changes, get);
    for (;;) {
      const step = steps.next();
      if (turns.due) await turns.give();
      if (!step.done) continue;
      for (const path of step.value.left) left.push({ trie, path });
      return step.value.top;
    }
  };
  const leaves: LeafChange<DraftRef>[] = [];
  for (const { key, fields, slots } of accounts) {
    const old = accountAt(get, root, key);
    const changes = slots.map(({ key, value }): LeafChange => {
      return { key, value: value === 0n ? null : { kind: 'slot', value } };
    });
    const storageRoot = await change(key, old?.storageRoot ?? 0n, changes);
    leaves.push({ key, value: leafOf(key, { ...(old?.account ?? EMPTY_ACCOUNT), ...fields }, storageRoot) });
  }
  return { top: await change('', root, leaves), left };
}

function leafOf(key: Path, account: Account, storageRoot: DraftRef): LeafValue<DraftRef> | null {
  if (!isEmptyAccount(account)) return { kind: 'account', account, storageRoot };
  if (storageRoot === 0n) return null;
  throw new TrieError('TRIE_BAD_STATEMENT', `The account at ${key} is empty afterwards, but its storage is not.`);
}
