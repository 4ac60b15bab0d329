import { placeEmpty } from './overlay.js';
import { nodeKey, type StoredState, stateUnknown } from './record.js';
import type { NodeKey, OldNodes, Place, StateNodes } from './types.js';

/** What a view needs of the store it belongs to. */
export interface ViewSource {
  /** The stored states after any write in progress, oldest first; a new list after each change. */
  settled(): Promise<readonly StoredState[]>;
  /** Counts what may take away states or what leads back to them. */
  removals(): number;
  /** The bytes at these keys now, none where nothing is. */
  present(keys: readonly NodeKey[]): Promise<Uint8Array[]>;
  /** What a state changed, as it was before. */
  undo(sequence: bigint): Promise<OldNodes>;
}

/**
 * The nodes of a stored state, while it is stored: what stands in the store now, unless a later state changed it; then the first later
 * state's way back has it. Present nodes are read first and ways back afterwards, so a state that is stored meanwhile is undone too.
 */
export class StoredNodes implements StateNodes {
  readonly root: bigint;
  readonly state: StoredState;
  readonly #source: ViewSource;
  /** Old bytes of all nodes that the states up to `#loadedTo` changed. */
  readonly #old = new Map<NodeKey, Uint8Array>();
  #loadedTo: bigint;

  constructor(source: ViewSource, state: StoredState) {
    this.#source = source;
    this.state = state;
    this.root = state.root;
    this.#loadedTo = state.sequence;
  }

  async getMany(places: readonly Place[]): Promise<Uint8Array[]> {
    const bytes = await this.#bytes(places.map(nodeKey));
    const empty = bytes.findIndex((data) => data.length === 0);
    if (empty >= 0) throw placeEmpty(places[empty]!);
    return bytes;
  }

  async #bytes(keys: readonly NodeKey[]): Promise<Uint8Array[]> {
    for (;;) {
      const removals = this.#source.removals();
      try {
        const present = await this.#source.present(keys);
        await this.#catchUp();
        if (this.#source.removals() === removals) {
          return this.#old.size === 0 ? present : keys.map((key, i) => this.#old.get(key) ?? present[i]!);
        }
      } catch (error) {
        // What was read belonged to what was just taken away.
        if (this.#source.removals() === removals) throw error;
      }
    }
  }

  /** Reads the ways back of all later states that are not read yet. */
  async #catchUp(): Promise<void> {
    const states = await this.#source.settled();
    if (!states.includes(this.state)) throw stateUnknown(`state ${this.state.name}`);
    for (const { sequence } of states) {
      if (sequence <= this.#loadedTo) continue;
      // Parallel reads may load the same one twice, which is harmless: a key's first bytes stay.
      for (const [key, value] of await this.#source.undo(sequence)) if (!this.#old.has(key)) this.#old.set(key, value);
      if (this.#loadedTo < sequence) this.#loadedTo = sequence;
    }
  }
}
