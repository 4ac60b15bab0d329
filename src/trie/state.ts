import { type Address, type Hex, keccak256 } from 'viem';
import { type Account, type AccountAccess, isEmptyAccount } from '../batch/types.js';
import { TrieError } from '../errors/trie.js';
import { buildTrie, type Leaf } from './build.js';
import { loadPaths } from './load.js';
import { type AccountValue, findLeaf, type NodeReader, sameValue, type TrieNode } from './node.js';
import { type Path, pathOfKey } from './path.js';
import { readerOf, type TrieStore } from './store.js';
import { type LeafChange, updateTrie } from './update.js';

/** An account of the first state, with its storage (slot number, 32 bytes, to value). */
export interface GenesisAccount {
  readonly address: Address;
  readonly account: Account;
  readonly storage?: Iterable<readonly [slot: Hex, value: bigint]>;
}

/** One slot of an access list: its number (32 bytes), value before and after the batch. */
export interface SlotAccess {
  readonly slot: Hex;
  readonly pre: bigint;
  readonly post: bigint;
}

/** The slots of an access list by account, addresses as in the list. */
export type StorageAccess = ReadonlyMap<Address, readonly SlotAccess[]>;

/** The trie's key of an address or a slot number (the secure trie: keccak of it), as nibbles. */
export function hashedKey(of: Hex): Path {
  return pathOfKey(keccak256(of));
}

/** The slots that an access list itself names. */
export function storageOf(accesses: readonly AccountAccess[]): StorageAccess {
  return new Map(
    accesses
      .filter(({ slots = [] }) => slots.length > 0)
      .map(({ address, slots = [] }) => [address, slots.map(({ key, pre, post }) => ({ slot: key, pre, post }))]),
  );
}

/** Nodes written at once while a whole state is built. */
const CHUNK = 5_000;

/**
 * State tries (one per root, sharing nodes) in a store. Nodes are only ever added, so every root ever written stays readable.
 * An account that is empty (EIP-161) is absent.
 */
export class StateTrie {
  readonly #store: TrieStore;

  constructor(store: TrieStore) {
    this.#store = store;
  }

  /** The state root after batch `number` (0: genesis). Throws TrieError `TRIE_ROOT_MISSING`. */
  async rootOf(number: bigint): Promise<bigint> {
    const root = await this.#store.rootOf(number);
    if (root === undefined) {
      throw new TrieError('TRIE_ROOT_MISSING', `No state root is known for batch ${number}.`, {
        hint: 'Build the checkpoint of that batch first.',
        details: { number: String(number) },
      });
    }
    return root;
  }

  /** Notes the state root after a batch. */
  async setRoot(number: bigint, root: bigint): Promise<void> {
    await this.#store.write([], [[number, root]]);
  }

  /**
   * Builds the trie of a whole flat state, in any order of accounts, and notes its root for batch `number`. Memory grows
   * with the number of accounts and slots. The root is written last; an interrupted build leaves only nodes without a root.
   */
  async genesis(accounts: AsyncIterable<GenesisAccount> | Iterable<GenesisAccount>, number = 0n): Promise<bigint> {
    const leaves: Leaf[] = [];
    for await (const { address, account, storage } of accounts) {
      const slots = [...(storage ?? [])].filter(([, value]) => value !== 0n);
      const storageRoot = await this.#build(
        slots.map(([slot, value]) => ({ key: hashedKey(slot), value: { kind: 'slot', value } })),
      );
      if (!isEmptyAccount(account)) {
        leaves.push({ key: hashedKey(address), value: { kind: 'account', account, storageRoot } });
      }
    }
    const root = await this.#build(leaves);
    await this.setRoot(number, root);
    return root;
  }

  async #build(leaves: Leaf[]): Promise<bigint> {
    leaves.sort((a, b) => (a.key < b.key ? -1 : 1));
    const nodes = buildTrie(leaves);
    let chunk: (readonly [bigint, TrieNode])[] = [];
    for (;;) {
      const next = nodes.next();
      if (!next.done) chunk.push([next.value[0], next.value[1]]);
      if (chunk.length >= CHUNK || (next.done && chunk.length > 0)) {
        await this.#store.write(chunk);
        chunk = [];
      }
      if (next.done) return next.value;
    }
  }

  /**
   * The state `root` after an access list: fields and slots take their post values, storage roots follow, empty accounts
   * vanish. All new nodes, and with `number` also the root, are written in one atomic step. Returns the new root.
   * @throws TrieError `TRIE_WRONG_PRE` (the state does not hold a listed pre value), `TRIE_BAD_STATEMENT` (an account
   * vanishes but its storage does not, slots of an account that is not listed), `TRIE_NODE_MISSING`
   */
  async applyChanges(
    root: bigint,
    accesses: readonly AccountAccess[],
    slots: StorageAccess = storageOf(accesses),
    number?: bigint,
  ): Promise<bigint> {
    const get = await this.nodesFor([root], accesses, slots);
    const fresh = new Map<bigint, TrieNode>();
    const changes = accesses.map((access): LeafChange => {
      const key = hashedKey(access.address);
      const old = accountAt(get, root, key);
      checkPre(access, old);
      const storage = storageChanges(access.address, slots.get(access.address) ?? [], old?.storageRoot ?? 0n, get);
      const updated = updateTrie(old?.storageRoot ?? 0n, storage, get);
      for (const [digest, node] of updated.nodes) fresh.set(digest, node);
      return { key, value: leafAfter(access, updated.root) };
    });
    const updated = updateTrie(root, changes, get);
    for (const [digest, node] of updated.nodes) fresh.set(digest, node);
    await this.#store.write(fresh, number === undefined ? [] : [[number, updated.root]]);
    return updated.root;
  }

  /** {@link nodesAround} as a look-up. */
  async nodesFor(
    roots: readonly bigint[],
    accesses: readonly AccountAccess[],
    slots: StorageAccess = storageOf(accesses),
  ): Promise<NodeReader> {
    return readerOf(await this.nodesAround(roots, accesses, slots));
  }

  /**
   * The nodes, by digest, that `trieRows` (src/trace/trie/rows.ts) and updates look up for an access list in the tries of these
   * roots, read from the store in one go per level of depth.
   */
  async nodesAround(
    roots: readonly bigint[],
    accesses: readonly AccountAccess[],
    slots: StorageAccess = storageOf(accesses),
  ): Promise<ReadonlyMap<bigint, TrieNode>> {
    const nodes = new Map<bigint, TrieNode>();
    const get = readerOf(nodes);
    const listed = new Set(accesses.map(({ address }) => address));
    for (const address of slots.keys()) {
      if (!listed.has(address)) {
        throw new TrieError('TRIE_BAD_STATEMENT', `Slots of ${address} are listed, but the account is not.`);
      }
    }
    const keys = [...listed].map(hashedKey);
    await loadPaths(
      this.#store,
      roots.map((root) => ({ root, keys })),
      nodes,
    );
    const storage = [...slots].flatMap(([address, list]) => {
      const slotKeys = list.map(({ slot }) => hashedKey(slot));
      return roots.map((root) => ({
        root: accountAt(get, root, hashedKey(address))?.storageRoot ?? 0n,
        keys: slotKeys,
      }));
    });
    await loadPaths(this.#store, storage, nodes);
    return nodes;
  }

  /** The account at an address in the state `root`, null when absent. */
  async account(root: bigint, address: Address): Promise<AccountValue | null> {
    const nodes = new Map<bigint, TrieNode>();
    const key = hashedKey(address);
    await loadPaths(this.#store, [{ root, keys: [key] }], nodes);
    return accountAt(readerOf(nodes), root, key);
  }
}

/** The account leaf at a key of the account trie. Throws TrieError `TRIE_BAD_NODE` when a slot leaf stands there. */
export function accountAt(get: NodeReader, root: bigint, key: Path): AccountValue | null {
  const leaf = findLeaf(root, key, get);
  if (leaf?.kind === 'slot') throw new TrieError('TRIE_BAD_NODE', `A slot leaf stands in the account trie at ${key}.`);
  return leaf;
}

function checkPre({ address, pre }: AccountAccess, old: AccountValue | null): void {
  const same = old === null ? isEmptyAccount(pre) : sameValue({ ...old, account: pre }, old);
  if (!same) {
    throw new TrieError('TRIE_WRONG_PRE', `The state does not hold the listed pre values of account ${address}.`, {
      hint: 'The access list belongs to another state root.',
    });
  }
}

function storageChanges(address: Address, slots: readonly SlotAccess[], root: bigint, get: NodeReader): LeafChange[] {
  return slots.map(({ slot, pre, post }) => {
    const key = hashedKey(slot);
    const old = findLeaf(root, key, get);
    if ((old?.kind === 'slot' ? old.value : 0n) !== pre) {
      throw new TrieError(
        'TRIE_WRONG_PRE',
        `The state does not hold the listed pre value of slot ${slot} of ${address}.`,
      );
    }
    return { key, value: post === 0n ? null : { kind: 'slot', value: post } };
  });
}

function leafAfter({ address, post }: AccountAccess, storageRoot: bigint): AccountValue | null {
  if (!isEmptyAccount(post)) return { kind: 'account', account: post, storageRoot };
  if (storageRoot === 0n) return null;
  throw new TrieError('TRIE_BAD_STATEMENT', `Account ${address} is empty afterwards, but its storage is not.`);
}
