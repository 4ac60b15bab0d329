import { type Account, type AccountAccess, isEmptyAccount } from '../../batch/types.js';
import type { TraceRow } from '../../chips/chip.js';
import { TrieError } from '../../errors/trie.js';
import type { Mode } from '../../proof/types.js';
import { HINT_NONE, type Hint } from '../../trie/hint.js';
import type { NodeReader } from '../../trie/node.js';
import type { Path } from '../../trie/path.js';
import { accountAt, hashedKey, type StorageAccess, storageOf } from '../../trie/state.js';
import { sameAccount } from '../../trie/statement.js';
import { TrieRowBag } from './bag.js';
import { type Read, readRows } from './read.js';
import { type Hints, type ListedKey, updateRows } from './update.js';

/** What trie rows are made from. */
export interface TrieTraceInput {
  readonly mode: Mode;
  readonly preRoot: bigint;
  /** Mode root only. */
  readonly postRoot?: bigint;
  /** In the order of L1's list: the i-th account (from 1) owns trie i. */
  readonly accessList: readonly AccountAccess[];
  /** Looks up the nodes of both tries around the listed keys (`StateTrie.nodesFor`). */
  readonly nodes: NodeReader;
  /** Those of the access list when absent. */
  readonly slots?: StorageAccess;
}

/** Hints of a listed account and of its slots, in their order. */
export interface AccountHints {
  readonly preHint: Hint;
  readonly postHint: Hint;
  readonly slots: readonly { readonly preHint: Hint; readonly postHint: Hint }[];
}

/** Trie rows with all that the bundle has to tell L1 about them. */
export interface TrieTrace {
  readonly rows: TraceRow[];
  /** One entry per account of the access list. */
  readonly hints: readonly AccountHints[];
  /** Multiplicity of AT(preRoot, 0, 1, 0). */
  readonly uses: bigint;
}

/**
 * The trie rows of a batch. Mode diff: every listed account and slot is read in pre. Mode root: what changes is taken from
 * the pre trie and put into the post trie, what does not is read in pre. Together with `trieTerms` (src/trie/statement.ts) of
 * the same list and the hints returned here, they balance exactly when the tries and the list say the same.
 * @throws TrieError `TRIE_UNLISTED_CHANGE`, `TRIE_NODE_MISSING`, `TRIE_BAD_STATEMENT` (mode root without a post root)
 */
export function trieRows({ accessList, slots = storageOf(accessList), ...rest }: TrieTraceInput): TrieTrace {
  return keyedTrieRows({
    ...rest,
    accounts: accessList.map(({ address, pre, post }) => ({
      name: address,
      key: hashedKey(address),
      pre,
      post,
      slots: (slots.get(address) ?? []).map((access) => ({ ...access, key: hashedKey(access.slot) })),
    })),
  });
}

/** A listed account by its key in the trie; `name` is for origins. */
export interface KeyedAccount {
  readonly name: string;
  readonly key: Path;
  readonly pre: Account;
  readonly post: Account;
  readonly slots: readonly { readonly key: Path; readonly pre: bigint; readonly post: bigint }[];
}

/** {@link trieRows} with the keys given instead of hashed. */
export function keyedTrieRows({
  mode,
  preRoot,
  postRoot,
  accounts,
  nodes,
}: Omit<TrieTraceInput, 'accessList' | 'slots'> & { readonly accounts: readonly KeyedAccount[] }): TrieTrace {
  const bag = new TrieRowBag(nodes, (trie) =>
    trie === 0n ? 'account trie' : `storage trie of account ${trie} (${accounts[Number(trie) - 1]?.name})`,
  );
  const listed = accounts.map((account, k) => listAccount(account, BigInt(k + 1), nodes, preRoot, postRoot));
  if (mode === 'root') {
    if (postRoot === undefined) throw new TrieError('TRIE_BAD_STATEMENT', 'Mode root needs a post root.');
    updateRows(bag, 0n, preRoot, postRoot, byKey(listed.filter((account) => account.leafChanges)));
    for (const { i, oldRoot, newRoot, slots } of listed) {
      updateRows(bag, i, oldRoot, newRoot, byKey(slots.filter(({ pre, post }) => pre !== post)));
    }
  }
  const reads = listed.flatMap((account): Read[] => {
    const { i, exists, oldRoot } = account;
    const slots = account.slots.filter(({ pre, post }) => exists && (mode === 'diff' || pre === post));
    const rootUses = readRows(
      bag,
      i,
      oldRoot,
      slots.map((slot) => ({ ...slot, fields: false, rootUses: 0n })),
    );
    const fields = mode === 'diff' || !account.fieldsChange;
    return fields || rootUses > 0n ? [{ ...account, fields, rootUses }] : [];
  });
  const uses = readRows(bag, 0n, preRoot, reads);
  return {
    rows: bag.finish(),
    hints: listed.map(({ hints, slots }) => ({ ...hints, slots: slots.map((slot) => slot.hints) })),
    uses,
  };
}

/** A listed account with its number, storage roots and hints to be filled in. */
function listAccount(
  account: KeyedAccount,
  i: bigint,
  nodes: NodeReader,
  preRoot: bigint,
  postRoot: bigint | undefined,
) {
  const { key, pre, post } = account;
  const oldRoot = accountAt(nodes, preRoot, key)?.storageRoot ?? 0n;
  const newRoot = postRoot === undefined ? oldRoot : (accountAt(nodes, postRoot, key)?.storageRoot ?? 0n);
  const fieldsChange = !sameAccount(pre, post);
  return {
    key,
    i,
    oldRoot,
    newRoot,
    exists: !isEmptyAccount(pre),
    fieldsChange,
    leafChanges: fieldsChange || oldRoot !== newRoot,
    hints: noHints(),
    slots: account.slots.map((slot) => ({ ...slot, i: 0n, hints: noHints() })),
  };
}

function noHints(): Hints {
  return { preHint: HINT_NONE, postHint: HINT_NONE };
}

function byKey(listed: readonly ListedKey[]): Map<Path, ListedKey> {
  return new Map(listed.map((entry) => [entry.key, entry]));
}
