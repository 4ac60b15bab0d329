import type { Hex } from 'viem';
import type { DiffItem } from '../batch/diff.js';
import type { AccountAccess } from '../batch/types.js';
import { TrieError } from '../errors/trie.js';
import type { TrieNode } from '../trie/node.js';
import type { GenesisAccount, StorageAccess } from '../trie/state.js';
import { nodesAround } from './around.js';
import { buildState } from './build.js';
import type { NodeStore } from './node-store.js';
import { overlay } from './overlay.js';
import { stateUnknown } from './record.js';
import type { Base, Merkleiser, Prepared, StateNodes, StateUpdate } from './types.js';
import type { Updater } from './updater.js';

/** A state that is made and not stored. */
interface Candidate {
  readonly nodes: StateNodes;
  readonly update: StateUpdate;
  /** What it was made from: a ticket, or the sequence number of a stored state. */
  readonly parent: number | bigint;
}

/** What a {@link LocalMerkleiser} may be given. */
export interface LocalOptions {
  /** The first ticket's number: 1. */
  readonly firstTicket?: number;
  /** Where `release` is noted: which prepares, counted from 1, other threads may take part in. */
  readonly released?: Int32Array<SharedArrayBuffer>;
}

/** Keeps the tries in this thread. It owns the store and the updater, and closes them. */
export class LocalMerkleiser implements Merkleiser {
  readonly #store: NodeStore;
  readonly #updater: Updater;
  readonly #candidates = new Map<number, Candidate>();
  readonly #released: Int32Array<SharedArrayBuffer>;
  #nextTicket: number;
  #prepares = 0;
  #calls: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(store: NodeStore, updater: Updater, options: LocalOptions = {}) {
    this.#store = store;
    this.#updater = updater;
    this.#nextTicket = options.firstTicket ?? 1;
    this.#released = options.released ?? new Int32Array(new SharedArrayBuffer(4));
  }

  names(): Promise<readonly Hex[]> {
    return this.#inTurn(async () => this.#store.states.map(({ name }) => name));
  }

  rootOf(name: Hex): Promise<bigint | undefined> {
    return this.#inTurn(async () => this.#store.states.find((state) => state.name === name)?.root);
  }

  build(name: Hex, accounts: AsyncIterable<GenesisAccount>): Promise<bigint> {
    return this.#inTurn(async () => {
      this.#candidates.clear();
      return buildState(this.#store, name, accounts);
    });
  }

  /** @throws TrieError `TRIE_STATE_UNKNOWN`, `TRIE_BAD_STATEMENT`, `TRIE_NODE_MISSING` */
  prepare(from: Base, diff: readonly DiffItem[], alone = false): Promise<Prepared> {
    const start = performance.now();
    const gate = { flag: this.#released, number: ++this.#prepares };
    return this.#inTurn(async () => {
      const { nodes, parent } = this.#base(from);
      const { hashes, ...update } = await this.#updater.update(nodes, diff, alone ? gate : undefined);
      const ticket = this.#nextTicket++;
      this.#candidates.set(ticket, { nodes: overlay(nodes, update), update, parent });
      return { ticket, root: update.root, hashes, ms: performance.now() - start };
    });
  }

  release(): void {
    Atomics.store(this.#released, 0, this.#prepares);
    Atomics.notify(this.#released, 0);
  }

  /** @throws TrieError `TRIE_STATE_UNKNOWN` (no such ticket), `TRIE_NOT_NEXT` */
  commit(ticket: number, name: Hex, replace = false): Promise<void> {
    return this.#inTurn(async () => {
      const { update, parent } = this.#candidate(ticket);
      if (parent !== this.#store.head?.sequence) {
        throw new TrieError(
          'TRIE_NOT_NEXT',
          `What was prepared as ${ticket} does not follow the newest stored state.`,
          {
            hint: 'Prepare it anew on the newest state.',
          },
        );
      }
      const { sequence } = await this.#store.commit(update, name, replace);
      this.#candidates.delete(ticket);
      for (const [child, candidate] of this.#candidates) {
        if (candidate.parent === ticket) this.#candidates.set(child, { ...candidate, parent: sequence });
      }
    });
  }

  drop(ticket: number): Promise<void> {
    return this.#inTurn(async () => void this.#candidates.delete(ticket));
  }

  /** @throws TrieError `TRIE_STATE_UNKNOWN`, `TRIE_STORE_DAMAGED`, `TRIE_NODE_MISSING`, `TRIE_BAD_STATEMENT` */
  nodesAround(from: Base, accesses: readonly AccountAccess[], slots?: StorageAccess): Promise<Map<bigint, TrieNode>> {
    return this.#inTurn(() => nodesAround(this.#base(from).nodes, accesses, slots));
  }

  /** @throws TrieError `TRIE_STATE_UNKNOWN` */
  rollback(name: Hex): Promise<void> {
    return this.#inTurn(() => this.#store.rollback(name));
  }

  prune(keep: number): Promise<void> {
    return this.#inTurn(() => this.#store.prune(keep));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.release();
    await this.#calls;
    await this.#updater.close();
    await this.#store.close();
  }

  #base(from: Base): { readonly nodes: StateNodes; readonly parent: number | bigint } {
    if (typeof from === 'number') return { nodes: this.#candidate(from).nodes, parent: from };
    const nodes = this.#store.at(from);
    return { nodes, parent: nodes.state.sequence };
  }

  #candidate(ticket: number): Candidate {
    const candidate = this.#candidates.get(ticket);
    if (candidate === undefined) throw stateUnknown(`prepared state ${ticket}`);
    return candidate;
  }

  #inTurn<T>(call: () => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(closedError());
    const done = this.#calls.then(call);
    this.#calls = done.catch(() => undefined);
    return done;
  }
}

/** The error of a call after `close`. */
export function closedError(): TrieError {
  return new TrieError('TRIE_STORE_CLOSED', 'The trie store was closed.', { hint: 'Open it again.' });
}
