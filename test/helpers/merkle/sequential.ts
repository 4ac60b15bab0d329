import type { DiffItem } from '../../../src/batch/diff.js';
import { Turns } from '../../../src/batch/turns.js';
import { EMPTY_ACCOUNT, isEmptyAccount } from '../../../src/batch/types.js';
import { TrieError } from '../../../src/errors/trie.js';
import { checkDigest } from '../../../src/merkle/around.js';
import { prefetch } from '../../../src/merkle/prefetch.js';
import { nodeKey } from '../../../src/merkle/record.js';
import type { Place, PlacedNode } from '../../../src/merkle/types.js';
import type { Updater } from '../../../src/merkle/updater.js';
import { encodeNode } from '../../../src/trie/codec.js';
import type { NodeReader, TrieNode } from '../../../src/trie/node.js';
import type { Path } from '../../../src/trie/path.js';
import { accountAt, hashedKey } from '../../../src/trie/state.js';
import { readerOf } from '../../../src/trie/store.js';
import { type LeafChange, type UpdatedTrie, updateTrie } from '../../../src/trie/update.js';

/** One trie's part of an update. */
interface Changed {
  readonly put: PlacedNode[];
  readonly del: Place[];
}

/** Updates on one thread, trie after trie, with the functions that rows are made of: the reference of faster ones. */
export const sequentialUpdater: Updater = {
  update: async (nodes, diff) => {
    const keys = diff.map(({ address }) => hashedKey(address));
    const slotKeys = diff.map(({ slots }) => slots.map(({ key }) => hashedKey(key)));
    const storage = new Map(keys.map((key, i) => [key, slotKeys[i]!]));
    const { known, read } = await prefetch(nodes, keys, storage, new Turns(), checkDigest);
    const get = readerOf(known);
    const accountsBefore = keys.map((key) => accountAt(get, nodes.root, key));
    const parts: Changed[] = [];
    let hashes = 0;
    const changed = (trie: Path, root: bigint, changes: readonly LeafChange[]): bigint => {
      const updated = updateTrie(root, changes, get);
      hashes += updated.nodes.size;
      parts.push(changedPlaces(trie, root, updated, get));
      return updated.root;
    };
    const accounts = diff.map((item, i): LeafChange => {
      const changes = item.slots.map(({ value }, n): LeafChange => {
        return { key: slotKeys[i]![n]!, value: value === 0n ? null : { kind: 'slot', value } };
      });
      const storageRoot = changed(keys[i]!, accountsBefore[i]?.storageRoot ?? 0n, changes);
      return { key: keys[i]!, value: leafAfter(item, accountsBefore[i]?.account ?? EMPTY_ACCOUNT, storageRoot) };
    });
    const root = changed('', nodes.root, accounts);
    const put = new Map(
      parts.flatMap(({ put }) => put.map((placed) => [nodeKey(placed), encodeNode(placed.node)] as const)),
    );
    const del = parts.flatMap(({ del }) => del.map(nodeKey));
    const old = new Map([...put.keys(), ...del].map((key) => [key, read.get(key)?.bytes ?? new Uint8Array(0)]));
    return { root, hashes, put, del, old };
  },
  close: async () => {},
};

function leafAfter(item: DiffItem, old: typeof EMPTY_ACCOUNT, storageRoot: bigint): LeafChange['value'] {
  const { nonce = old.nonce, balance = old.balance, codeHash = old.codeHash } = item;
  const account = { nonce, balance, codeHash };
  if (!isEmptyAccount(account)) return { kind: 'account', account, storageRoot };
  if (storageRoot === 0n) return null;
  throw new TrieError('TRIE_BAD_STATEMENT', `Account ${item.address} is empty afterwards, but its storage is not.`);
}

/** What an update changes, by place: from both roots down as far as the two tries differ. */
function changedPlaces(trie: Path, root: bigint, updated: UpdatedTrie, get: NodeReader): Changed {
  const named = new Map<Path, bigint>();
  const put: PlacedNode[] = [];
  walk(updated.root, '', (digest, path) => {
    named.set(path, digest);
    const node = updated.nodes.get(digest);
    if (node !== undefined) put.push({ trie, path, node, digest });
    return node;
  });
  const del: Place[] = [];
  walk(root, '', (digest, path) => {
    const now = named.get(path);
    if (now === digest) return undefined;
    if (now === undefined) del.push({ trie, path });
    return get(digest);
  });
  return { put, del };
}

/** Visits nodes from the top down; below those that `visit` gives. */
function walk(digest: bigint, path: Path, visit: (digest: bigint, path: Path) => TrieNode | undefined): void {
  if (digest === 0n) return;
  const node = visit(digest, path);
  if (node?.kind === 'branch') {
    for (const [n, child] of node.children.entries()) walk(child, path + n.toString(16), visit);
  }
  if (node?.kind === 'extension') walk(node.child, path + node.path, visit);
}
