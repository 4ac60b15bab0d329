import type { Hex } from 'viem';
import type { DiffItem } from '../batch/diff.js';
import type { AccountAccess } from '../batch/types.js';
import type { TrieNode } from '../trie/node.js';
import type { Path } from '../trie/path.js';
import type { GenesisAccount, StorageAccess } from '../trie/state.js';

/** Where a node stands in a state: its trie ('' for the account trie, else keccak(address), whose storage trie it is), and its nibbles from there. */
export interface Place {
  readonly trie: Path;
  readonly path: Path;
}

/** The key of a place's node in the store, as text: ASCII. */
export type NodeKey = string;

/** Old bytes by node key; no bytes: nothing stood there. */
export type OldNodes = ReadonlyMap<NodeKey, Uint8Array>;

/** A node, its place and its digest. */
export interface PlacedNode extends Place {
  readonly node: TrieNode;
  readonly digest: bigint;
}

/** The tries of one state, node by node. */
export interface StateNodes {
  /** The state root: 0 for a state without accounts. */
  readonly root: bigint;
  /** The bytes (src/trie/codec.ts) of the nodes at these places, in order. Throws TrieError `TRIE_NODE_MISSING` when nothing stands at one. */
  getMany(places: readonly Place[]): Promise<Uint8Array[]>;
}

/** A state after a diff, as changes of the nodes of the state before it. */
export interface StateUpdate {
  readonly root: bigint;
  /** The bytes of new and changed nodes, by place. */
  readonly put: ReadonlyMap<NodeKey, Uint8Array>;
  /** Places where nothing stands any more. */
  readonly del: readonly NodeKey[];
  /** What stood at all of these places before. */
  readonly old: OldNodes;
}

/** A state that tries exist for: one that is stored, by its name, any bytes that its owner chooses, or one that is only prepared. */
export type Base = Hex | number;

/** A root that is made and not stored. */
export interface Prepared {
  /** Its number, for `commit`, `drop`, and as a {@link Base}. */
  readonly ticket: number;
  readonly root: bigint;
  /** Nodes that were hashed. */
  readonly hashes: number;
  /** Milliseconds from the call to the root. */
  readonly ms: number;
}

/**
 * Keeps the tries of a line of states, each made from the one before it, and makes new ones, on this thread or on others. Calls run one
 * after another.
 */
export interface Merkleiser {
  /** The stored states that are not pruned, oldest first; the last one is the head. None before `build`. */
  names(): Promise<readonly Hex[]>;
  /** The root of a stored state that is not pruned. */
  rootOf(name: Hex): Promise<bigint | undefined>;
  /** Fills the store anew with a whole state, the only one then: whatever was there is removed first. Returns the root. */
  build(name: Hex, accounts: AsyncIterable<GenesisAccount>): Promise<bigint>;
  /**
   * Makes the state `from` after `diff`; nothing is stored. Fields that a diff's item does not have stay as they are.
   * @param alone only one thread may work until {@link release} is called, since the others' cores are in use (when there are no more)
   */
  prepare(from: Base, diff: readonly DiffItem[], alone?: boolean): Promise<Prepared>;
  /** Other threads may take part in what is being prepared. */
  release(): void;
  /**
   * Stores what was prepared on the head, in one atomic write, as the new head.
   * @param replace the present head is not kept as a state of its own: the way back leads to the one before it
   */
  commit(ticket: number, name: Hex, replace?: boolean): Promise<void>;
  /** Forgets what was prepared. */
  drop(ticket: number): Promise<void>;
  /** The nodes, by digest, that rows and updates of this access list look up in a state (`StateTrie.nodesAround`). Digests are checked. */
  nodesAround(from: Base, accesses: readonly AccountAccess[], slots?: StorageAccess): Promise<Map<bigint, TrieNode>>;
  /** Takes states back until `name` is the head: for reorganisations. */
  rollback(name: Hex): Promise<void>;
  /** Forgets the ways back to all but the newest `keep` states. */
  prune(keep: number): Promise<void>;
  close(): Promise<void>;
}
