import type { Address, Hex } from 'viem';
import { bigintToBytes, bytesToBigint, fromHex, toHex } from '../batch/bytes.js';
import { checkGenesis, type GenesisState } from '../batch/genesis.js';
import { ZERO_WORD } from '../batch/header.js';
import { StateError } from '../errors/state.js';
import {
  accountKey,
  addressOfKey,
  batchKey,
  changesKey,
  codeKey,
  decodeChangeSet,
  encodeAccount,
  encodeChangeSet,
  encodeSlot,
  metaKey,
  type OldValue,
  PREFIX,
  slotKey,
  slotOfKey,
} from './codec.js';
import { FlatView, type ViewSource } from './flat-view.js';
import { prepareStore } from './prepare.js';
import { type BatchRecord, decodeRecord, encodeRecord, recordOf } from './record.js';
import { type DatabaseFactory, Store, type Write } from './store.js';
import type { AppliedBatch, StateChanges } from './view.js';

/** How a flat state is opened. */
export interface FlatStateOptions {
  /** Fills an empty store; a filled one must have been filled with the same. */
  readonly genesis?: GenesisState;
  /** For how many of the latest batches past states can be opened (at least 1); all when absent. */
  readonly keep?: number;
  readonly database?: DatabaseFactory;
}

/** Keys that a batch changed. */
export interface ChangedKeys {
  readonly accounts: readonly Address[];
  readonly slots: readonly { readonly address: Address; readonly key: Hex }[];
}

/**
 * The flat key-value state of a node on Level: accounts, slots and code as of the latest batch, and per batch its
 * record and its change set (old values), all of one batch in one atomic durable write. No trie anywhere.
 */
export class FlatState {
  readonly #store: Store;
  readonly #keep: bigint | undefined;
  readonly #source: ViewSource;
  #head: bigint;
  #oldest: bigint;
  #reverts = 0;
  /** The last write in the queue; writes run one after another. */
  #writing: Promise<unknown> | undefined;

  private constructor(store: Store, keep: number | undefined, head: bigint, oldest: bigint) {
    this.#store = store;
    this.#keep = keep === undefined ? undefined : BigInt(Math.max(1, keep));
    this.#head = head;
    this.#oldest = oldest;
    this.#source = {
      store,
      settled: async () => {
        while (this.#writing !== undefined) await this.#writing.catch(() => undefined);
        return { head: this.#head, reverts: this.#reverts };
      },
      changeSet: (number) => this.#changeSet(number),
      revertedError: (number) =>
        new StateError('STATE_REVERTED', `Batches were taken back since the state after batch ${number} was opened.`, {
          hint: 'Open it again.',
        }),
    };
  }

  /**
   * Opens the store in directory `path`, and fills it with the genesis when it is new.
   * @throws StateUnavailableError `STATE_LOCKED` when another process holds it; StateError `STATE_OPEN`,
   * `STATE_NO_GENESIS`, `STATE_OTHER_GENESIS`, `STATE_FOREIGN`; BatchError `BATCH_GENESIS`
   */
  static async open(path: string, { genesis, keep, database }: FlatStateOptions = {}): Promise<FlatState> {
    if (genesis !== undefined) checkGenesis(genesis);
    const store = await Store.open(path, database);
    try {
      await prepareStore(store, genesis);
      const [head, oldest] = await store.getMany([metaKey('head'), metaKey('oldest')]);
      return new FlatState(store, keep, bytesToBigint(head!), bytesToBigint(oldest!));
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  /** Number of the latest batch, 0 at genesis. */
  get head(): bigint {
    return this.#head;
  }

  /** The oldest n that {@link asOf} opens. */
  get oldest(): bigint {
    return this.#oldest;
  }

  /** The present state. It stays what it is now when batches are applied later. */
  view(): FlatView {
    return new FlatView(this.#source, this.#head, this.#reverts);
  }

  /**
   * The state after batch `number` (0: genesis), read-only, by undoing the later change sets.
   * @throws StateError `STATE_UNKNOWN_BATCH`, `STATE_PRUNED`
   */
  async asOf(number: bigint): Promise<FlatView> {
    if (number < 0n || number > this.#head) throw unknownBatch(number, this.#head);
    if (number < this.#oldest) throw prunedError(number, this.#oldest);
    const view = new FlatView(this.#source, number, this.#reverts);
    await view.catchUp();
    return view;
  }

  /**
   * Stores the next batch: its changes, record and change set, all or nothing.
   * @throws StateError `STATE_NOT_NEXT` when the batch does not follow the head or was replayed on another state;
   * `STATE_DISK_FULL` (retryable, after opening again), `STATE_WRITE`, `STATE_BROKEN`
   */
  applyBatch(applied: AppliedBatch): Promise<void> {
    return this.#queue(() => this.#apply(applied));
  }

  /**
   * Takes back all batches after `number`, for an L1 reorganisation. Views that are open answer `STATE_REVERTED` then.
   * @throws StateError `STATE_UNKNOWN_BATCH`, `STATE_PRUNED`
   */
  revertTo(number: bigint): Promise<void> {
    return this.#queue(() => this.#revert(number));
  }

  /** @throws StateError `STATE_UNKNOWN_BATCH`; `STATE_CORRUPT` when the stored record is damaged */
  async batch(number: bigint): Promise<BatchRecord> {
    const bytes = await this.#store.get(batchKey(number));
    if (bytes.length === 0) throw unknownBatch(number, this.#head);
    try {
      return decodeRecord(bytes);
    } catch (cause) {
      throw damaged(`record of batch ${number}`, this.#store.path, cause);
    }
  }

  /** Hash of batch `number`, 0 for the genesis. */
  async batchHash(number: bigint): Promise<Hex> {
    return number === 0n ? ZERO_WORD : (await this.batch(number)).batchHash;
  }

  /** The keys that batch `number` changed, ascending. @throws StateError `STATE_PRUNED` */
  async changedKeys(number: bigint): Promise<ChangedKeys> {
    const keys = (await this.#changeSet(number)).map(({ key }) => key);
    const ofKind = (prefix: number) => keys.filter((key) => key[0] === prefix);
    return {
      accounts: ofKind(PREFIX.account).map(addressOfKey),
      slots: ofKind(PREFIX.slot).map((key) => ({ address: addressOfKey(key), key: slotOfKey(key) })),
    };
  }

  /** Waits for the write in progress and lets other processes have the store. */
  async close(): Promise<void> {
    await this.#source.settled();
    await this.#store.close();
  }

  #queue<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#writing ?? Promise.resolve();
    const run = before.then(work, work).finally(() => {
      if (this.#writing === run) this.#writing = undefined;
    });
    this.#writing = run;
    return run;
  }

  async #apply({ replay, changes, diffHash }: AppliedBatch): Promise<void> {
    const { header } = replay.batch;
    const number = this.#head + 1n;
    const parent = await this.batchHash(this.#head);
    if (header.number !== number) throw notNext(`it has number ${header.number}, and ${number} is next`);
    if (header.parent !== parent) throw notNext(`its parent is ${header.parent}, and the head's hash is ${parent}`);
    const writes = stateWrites(changes);
    const old = await this.#store.getMany(writes.map(({ key }) => key));
    const changeSet = writes
      .map(({ key, value }, i) => ({ key, value: old[i]!, next: value }))
      .filter(({ value, next }) => Buffer.compare(value, next) !== 0);
    const stored = new Map(writes.map(({ key }, i) => [toHex(key), old[i]!]));
    const isOther = (key: Uint8Array, pre: Uint8Array) => {
      const value = stored.get(toHex(key));
      return value !== undefined && Buffer.compare(value, pre) !== 0;
    };
    for (const { address, pre, slots = [] } of replay.accessList) {
      if (isOther(accountKey(address), encodeAccount(pre))) {
        throw notNext(`account ${address} is not as it was where the batch was replayed`);
      }
      const other = slots.find((slot) => isOther(slotKey(address, slot.key), encodeSlot(slot.pre)));
      if (other === undefined) continue;
      throw notNext(`slot ${other.key} of ${address} is not as it was where the batch was replayed`);
    }
    const oldest = this.#keep === undefined || number - this.#keep < this.#oldest ? this.#oldest : number - this.#keep;
    const prune: Write[] = [];
    for (let n = this.#oldest + 1n; n <= oldest; n++) prune.push({ key: changesKey(n), value: new Uint8Array(0) });
    await this.#store.write([
      ...changeSet.map(({ key, next }) => ({ key, value: next })),
      ...[...changes.code].map(([hash, code]) => ({ key: codeKey(hash), value: fromHex(code) })),
      { key: changesKey(number), value: encodeChangeSet(changeSet) },
      { key: batchKey(number), value: encodeRecord(recordOf(replay.batch, replay.outcomes, diffHash)) },
      { key: metaKey('head'), value: bigintToBytes(number, 8) },
      { key: metaKey('oldest'), value: bigintToBytes(oldest, 8) },
      ...prune,
    ]);
    this.#head = number;
    this.#oldest = oldest;
  }

  async #revert(number: bigint): Promise<void> {
    if (number < 0n || number > this.#head) throw unknownBatch(number, this.#head);
    if (number < this.#oldest) throw prunedError(number, this.#oldest);
    const restored = new Map<Hex, OldValue>();
    const removed: Write[] = [];
    for (let n = number + 1n; n <= this.#head; n++) {
      for (const old of await this.#changeSet(n)) if (!restored.has(toHex(old.key))) restored.set(toHex(old.key), old);
      removed.push(...[changesKey(n), batchKey(n)].map((key) => ({ key, value: new Uint8Array(0) })));
    }
    const head = { key: metaKey('head'), value: bigintToBytes(number, 8) };
    await this.#store.write([...restored.values(), ...removed, head]);
    this.#head = number;
    this.#reverts += 1;
  }

  async #changeSet(number: bigint): Promise<OldValue[]> {
    if (number <= this.#oldest) throw prunedError(number - 1n, this.#oldest);
    const changes = decodeChangeSet(await this.#store.get(changesKey(number)));
    if (changes === undefined) throw damaged(`change set of batch ${number}`, this.#store.path);
    return changes;
  }
}

function stateWrites({ accounts, slots }: StateChanges): Write[] {
  return [
    ...[...accounts].map(([address, account]) => ({ key: accountKey(address), value: encodeAccount(account) })),
    ...slots.map(({ address, key, value }) => ({ key: slotKey(address, key), value: encodeSlot(value) })),
  ].sort((a, b) => Buffer.compare(a.key, b.key));
}

function notNext(why: string): StateError {
  return new StateError('STATE_NOT_NEXT', `The batch does not follow the stored state: ${why}.`);
}

function unknownBatch(number: bigint, head: bigint): StateError {
  return new StateError('STATE_UNKNOWN_BATCH', `There is no batch ${number}; the latest is ${head}.`);
}

function prunedError(number: bigint, oldest: bigint): StateError {
  const message = `The state after batch ${number} is no longer kept; the oldest is ${oldest}.`;
  return new StateError('STATE_PRUNED', message, { hint: 'Keep more batches, or rebuild the state from L1.' });
}

function damaged(what: string, path: string, cause?: unknown): StateError {
  const hint = 'Delete the store and rebuild it from L1.';
  return new StateError('STATE_CORRUPT', `The ${what} at ${path} is damaged.`, { hint, cause });
}
