import type { Hex } from 'viem';
import { StateError } from '../errors/state.js';
import { TrieError } from '../errors/trie.js';
import { type DatabaseFactory, isCorruption, Store, type Write } from '../state/store.js';
import { encodeNode } from '../trie/codec.js';
import {
  decodeState,
  decodeUndo,
  encodeState,
  encodeUndo,
  FORMAT,
  FORMAT_KEY,
  keyBytes,
  nodeKey,
  STATES,
  type StoredState,
  stateKey,
  stateUnknown,
  storeDamaged,
  undoKey,
} from './record.js';
import type { NodeKey, OldNodes, PlacedNode, StateUpdate } from './types.js';
import { StoredNodes } from './view.js';

const GONE = new Uint8Array(0);

/**
 * The nodes of a line of states by place, on disk: those of the newest state, and for each older one what leads back to it. Every change
 * of the line is one atomic durable write. A folder of another format, or one that LevelDB calls damaged, counts as empty: what is here
 * can always be built anew.
 */
export class NodeStore {
  readonly #store: Store;
  /** Oldest first. Replaced by a new list, never changed. */
  #states: readonly StoredState[] = [];
  #next = 1n;
  #removals = 0;
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(store: Store) {
    this.#store = store;
  }

  /** @throws StateUnavailableError `STATE_LOCKED`, `STATE_DISK_FULL`; StateError `STATE_OPEN` */
  static async open(folder: string, factory?: DatabaseFactory): Promise<NodeStore> {
    const level = await Store.open(folder, factory).catch(async (error: unknown) => {
      if (!(error instanceof StateError) || !isCorruption(error)) throw error;
      await Store.destroy(folder);
      return Store.open(folder, factory);
    });
    const store = new NodeStore(level);
    if (Buffer.compare(await level.get(FORMAT_KEY), FORMAT) !== 0) return store;
    const states: StoredState[] = [];
    for await (const [key, value] of level.entries(STATES)) states.push(decodeState(key, value));
    store.#states = states;
    store.#next = (states.at(-1)?.sequence ?? 0n) + 1n;
    return store;
  }

  /** The stored states, oldest first. */
  get states(): readonly StoredState[] {
    return this.#states;
  }

  get head(): StoredState | undefined {
    return this.#states.at(-1);
  }

  /** The nodes of a stored state. Throws TrieError `TRIE_STATE_UNKNOWN`, also later when the state is no longer stored. */
  at(name: Hex): StoredNodes {
    const source = {
      settled: async () => {
        await this.#writing;
        return this.#states;
      },
      removals: () => this.#removals,
      present: (keys: readonly NodeKey[]) => this.#read(keys),
      undo: (sequence: bigint) => this.#undo(sequence),
    };
    return new StoredNodes(source, this.#find(name));
  }

  /** Removes everything, of whatever format. The store is empty from the first moment on. */
  clear(): Promise<void> {
    return this.#alone(async () => {
      this.#removals++;
      this.#states = [];
      await this.#store.write([{ key: FORMAT_KEY, value: GONE }]);
      await this.#store.clear();
    });
  }

  /** Adds nodes to a store without states. */
  fill(nodes: readonly PlacedNode[]): Promise<void> {
    return this.#alone(() => this.#store.write(nodes.map(putOf)));
  }

  /** Names the one state whose nodes were filled in. */
  begin(name: Hex, root: bigint): Promise<void> {
    return this.#alone(async () => {
      const state = { sequence: this.#next++, name, root };
      await this.#store.write([
        { key: stateKey(state.sequence), value: encodeState(state) },
        { key: FORMAT_KEY, value: FORMAT },
      ]);
      this.#states = [state];
    });
  }

  /**
   * Stores an update of the head as the new head. What stood there before is not read again.
   * @param replace the old head is no state any more: the way back leads to the one before it
   * @throws TrieError `TRIE_NOT_NEXT` (the name is taken), `TRIE_STATE_UNKNOWN` (there is no head)
   */
  commit(update: StateUpdate, name: Hex, replace = false): Promise<StoredState> {
    return this.#alone(async () => {
      const head = this.head;
      if (head === undefined) throw stateUnknown('any state');
      const kept = replace ? this.#states.slice(0, -1) : this.#states;
      if (kept.some((state) => state.name === name)) {
        throw new TrieError('TRIE_NOT_NEXT', `A state ${name} is stored already.`, {
          hint: 'Take it back (rollback) before another one gets its name.',
        });
      }
      const merged = replace && kept.length > 0 ? await this.#undo(head.sequence) : [];
      const old = new Map([...update.old, ...merged]);
      const state = { sequence: this.#next++, name, root: update.root };
      const writes: Write[] = [
        ...Array.from(update.put, ([key, value]) => ({ key: keyBytes(key), value })),
        ...update.del.map((key) => ({ key: keyBytes(key), value: GONE })),
        { key: stateKey(state.sequence), value: encodeState(state) },
        ...(kept.length > 0 ? [{ key: undoKey(state.sequence), value: encodeUndo(old) }] : []),
        ...(replace ? removal(head.sequence) : []),
      ];
      if (replace) this.#removals++;
      await this.#store.write(writes);
      this.#states = [...kept, state];
      return state;
    });
  }

  /** Takes back the states after `name`. Throws TrieError `TRIE_STATE_UNKNOWN`. */
  rollback(name: Hex): Promise<void> {
    return this.#alone(async () => {
      const target = this.#states.indexOf(this.#find(name));
      const gone = this.#states.slice(target + 1);
      if (gone.length === 0) return;
      const values = new Map<NodeKey, Uint8Array>();
      for (const { sequence } of [...gone].reverse()) {
        for (const [key, value] of await this.#undo(sequence)) values.set(key, value);
      }
      const writes = Array.from(values, ([key, value]) => ({ key: keyBytes(key), value }));
      this.#removals++;
      await this.#store.write([...writes, ...gone.flatMap(({ sequence }) => removal(sequence))]);
      this.#states = this.#states.slice(0, target + 1);
    });
  }

  /** Forgets all but the newest `keep` states, at least one. */
  prune(keep: number): Promise<void> {
    return this.#alone(async () => {
      const gone = this.#states.slice(0, -Math.max(1, keep));
      if (gone.length === 0) return;
      const kept = this.#states.slice(gone.length);
      this.#removals++;
      await this.#store.write([
        ...gone.flatMap(({ sequence }) => removal(sequence)),
        { key: undoKey(kept[0]!.sequence), value: GONE },
      ]);
      this.#states = kept;
    });
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#store.close();
  }

  #find(name: Hex): StoredState {
    const state = this.#states.find((stored) => stored.name === name);
    if (state === undefined) throw stateUnknown(`state ${name}`);
    return state;
  }

  /** One change after another. */
  #alone<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#writing.then(change);
    this.#writing = done.catch(() => undefined);
    return done;
  }

  async #read(keys: readonly NodeKey[]): Promise<Uint8Array[]> {
    return this.#guarded(() => this.#store.getMany(keys.map(keyBytes)));
  }

  async #undo(sequence: bigint): Promise<OldNodes> {
    return decodeUndo(await this.#guarded(() => this.#store.get(undoKey(sequence))));
  }

  async #guarded<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      if (isCorruption(error)) throw storeDamaged('LevelDB cannot read it', error);
      throw error;
    }
  }
}

function putOf(placed: PlacedNode): Write {
  return { key: keyBytes(nodeKey(placed)), value: encodeNode(placed.node) };
}

function removal(sequence: bigint): Write[] {
  return [
    { key: stateKey(sequence), value: GONE },
    { key: undoKey(sequence), value: GONE },
  ];
}
