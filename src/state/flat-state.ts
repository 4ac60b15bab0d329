import type { Hex } from 'viem';
import { fromHex, toHex } from '../batch/bytes.js';
import { checkGenesis, type GenesisState } from '../batch/genesis.js';
import { ZERO_WORD } from '../batch/header.js';
import { Turns } from '../batch/turns.js';
import { StateError } from '../errors/state.js';
import { type BatchChanges, BatchLog, damaged, prunedError, unknownBatch } from './batch-log.js';
import {
  accountKey,
  batchKey,
  type Change,
  changesKey,
  codeKey,
  encodeAccount,
  encodeChangeSet,
  encodeSlot,
  metaKey,
  slotKey,
} from './codec.js';
import { FlatView, type ViewSource } from './flat-view.js';
import { prepareStore } from './prepare.js';
import { type BatchRecord, decodeRecord, encodeRecord, recordOf } from './record.js';
import { decodeHead, encodeHead, encodeSealed, type Head, same, seal, sha256 } from './seal.js';
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

/** Batches that are looked at when a store is opened. */
const OPENING_SAMPLE = 64n;
/** Hashes of batches that are remembered: for BLOCKHASH, and for what is named by them. */
const MOST_HASHES = 1_024;

/**
 * The flat key-value state of a node on Level: accounts, slots and code as of the latest batch, and per batch its
 * record and its change set, all of one batch in one atomic durable write, sealed (seal.ts). No trie anywhere.
 */
export class FlatState {
  readonly #store: Store;
  readonly #keep: bigint | undefined;
  readonly #source: ViewSource;
  readonly #log: BatchLog;
  /** For what runs as a write, and so must not wait for writes. */
  readonly #logOfWrites: BatchLog;
  #at: Head;
  #reverts = 0;
  /** Of batches on the present chain. */
  readonly #hashes = new Map<bigint, Hex>();
  /** The last write in the queue; writes run one after another. */
  #writing: Promise<unknown> | undefined;

  private constructor(store: Store, keep: number | undefined, head: Head) {
    this.#store = store;
    this.#keep = keep === undefined ? undefined : BigInt(Math.max(1, keep));
    this.#at = head;
    this.#source = {
      store,
      settled: async () => {
        while (this.#writing !== undefined) await this.#writing.catch(() => undefined);
        return { head: this.head, reverts: this.#reverts };
      },
      changeSet: (number) => this.#log.changeSet(number),
      revertedError: (number) =>
        new StateError('STATE_REVERTED', `Batches were taken back since the state after batch ${number} was opened.`, {
          hint: 'Open it again.',
        }),
    };
    this.#log = new BatchLog(store, () => this.#at, this.#source.settled);
    this.#logOfWrites = new BatchLog(store, () => this.#at);
  }

  /**
   * Opens the store in directory `path`, fills it with the genesis when it is new, and checks its newest batches ({@link verify}).
   * @throws StateUnavailableError `STATE_LOCKED` when another process holds it; StateError `STATE_OPEN`,
   * `STATE_NO_GENESIS`, `STATE_OTHER_GENESIS`, `STATE_FOREIGN`, `STATE_CORRUPT`; BatchError `BATCH_GENESIS`
   */
  static async open(path: string, { genesis, keep, database }: FlatStateOptions = {}): Promise<FlatState> {
    if (genesis !== undefined) checkGenesis(genesis);
    const store = await Store.open(path, database);
    try {
      await prepareStore(store, genesis);
      const head = decodeHead(await store.get(metaKey('head')));
      if (head === undefined) throw damaged('number of the newest batch', path);
      const state = new FlatState(store, keep, head);
      await state.verify(OPENING_SAMPLE);
      return state;
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  /** Number of the latest batch, 0 at genesis. */
  get head(): bigint {
    return this.#at.number;
  }

  /** The oldest n that {@link asOf} opens. */
  get oldest(): bigint {
    return this.#at.oldest;
  }

  /** The present state. It stays what it is now when batches are applied later. */
  view(): FlatView {
    return new FlatView(this.#source, this.head, this.#reverts);
  }

  /**
   * The state after batch `number` (0: genesis), read-only, by undoing the later change sets.
   * @throws StateError `STATE_UNKNOWN_BATCH`, `STATE_PRUNED`
   */
  async asOf(number: bigint): Promise<FlatView> {
    if (number < 0n || number > this.head) throw unknownBatch(number, this.head);
    if (number < this.oldest) throw prunedError(number, this.oldest);
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
    if (number === 0n) throw unknownBatch(number, this.head);
    return this.#recordOf(number, this.#log);
  }

  /** Hash of batch `number`, 0 for the genesis. */
  async batchHash(number: bigint): Promise<Hex> {
    if (number === 0n) return ZERO_WORD;
    const known = this.#hashes.get(number);
    if (known !== undefined) return known;
    const reverts = this.#reverts;
    const { batchHash } = await this.batch(number);
    if (this.#reverts === reverts) this.#remember(number, batchHash);
    return batchHash;
  }

  /** What batch `number` changed. @throws StateError `STATE_PRUNED`, `STATE_UNKNOWN_BATCH`, `STATE_CORRUPT` */
  changes(number: bigint): Promise<BatchChanges> {
    return this.#log.changes(number);
  }

  /** {@link BatchLog.verify}. */
  verify(count?: bigint): Promise<void> {
    return this.#log.verify(count);
  }

  /** Waits for the write in progress and lets other processes have the store. */
  async close(): Promise<void> {
    await this.#source.settled();
    await this.#store.close();
  }

  async #recordOf(number: bigint, log: BatchLog): Promise<BatchRecord> {
    const { record } = await log.sealed(number);
    try {
      return decodeRecord(record);
    } catch (cause) {
      throw damaged(`record of batch ${number}`, this.#store.path, cause);
    }
  }

  #remember(number: bigint, hash: Hex): void {
    this.#hashes.set(number, hash);
    const [first] = this.#hashes.keys();
    if (this.#hashes.size > MOST_HASHES) this.#hashes.delete(first!);
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
    const number = this.head + 1n;
    const parent =
      this.head === 0n
        ? ZERO_WORD
        : (this.#hashes.get(this.head) ?? (await this.#recordOf(this.head, this.#logOfWrites)).batchHash);
    if (header.number !== number) throw notNext(`it has number ${header.number}, and ${number} is next`);
    if (header.parent !== parent) throw notNext(`its parent is ${header.parent}, and the head's hash is ${parent}`);
    const turns = new Turns();
    const writes = stateWrites(changes);
    const old = await this.#store.getMany(writes.map(({ key }) => key));
    if (turns.due) await turns.give();
    const changeSet = writes
      .map(({ key, value }, i): Change => ({ key, before: old[i]!, after: value }))
      .filter(({ before, after }) => !same(before, after));
    const stored = new Map(writes.map(({ key }, i) => [toHex(key), old[i]!]));
    const isOther = (key: Uint8Array, pre: Uint8Array) => {
      const value = stored.get(toHex(key));
      return value !== undefined && !same(value, pre);
    };
    for (const { address, pre, slots = [] } of replay.accessList) {
      if (isOther(accountKey(address), encodeAccount(pre))) {
        throw notNext(`account ${address} is not as it was where the batch was replayed`);
      }
      const other = slots.find((slot) => isOther(slotKey(address, slot.key), encodeSlot(slot.pre)));
      if (other === undefined) continue;
      throw notNext(`slot ${other.key} of ${address} is not as it was where the batch was replayed`);
    }
    if (turns.due) await turns.give();
    const oldest = this.#keep === undefined || number - this.#keep < this.oldest ? this.oldest : number - this.#keep;
    const prune: Write[] = [];
    for (let n = this.oldest + 1n; n <= oldest; n++) prune.push({ key: changesKey(n), value: new Uint8Array(0) });
    const changeBytes = encodeChangeSet(changeSet);
    const record = recordOf(replay.batch, replay.outcomes, diffHash);
    const sealed = seal(
      number,
      { previous: this.#at.seal, changes: sha256(changeBytes), reverts: 0n },
      encodeRecord(record),
    );
    const next = { number, oldest, seal: sealed.seal.hash };
    await this.#store.write([
      ...changeSet.map(({ key, after }) => ({ key, value: after })),
      ...[...changes.code].map(([hash, code]) => ({ key: codeKey(hash), value: fromHex(code) })),
      { key: changesKey(number), value: changeBytes },
      { key: batchKey(number), value: encodeSealed(sealed) },
      { key: metaKey('head'), value: encodeHead(next) },
      ...prune,
    ]);
    this.#at = next;
    this.#remember(number, record.batchHash);
  }

  async #revert(number: bigint): Promise<void> {
    if (number < 0n || number > this.head) throw unknownBatch(number, this.head);
    if (number < this.oldest) throw prunedError(number, this.oldest);
    const restored = new Map<Hex, Write>();
    const removed: Write[] = [];
    for (let n = number + 1n; n <= this.head; n++) {
      for (const { key, before } of await this.#logOfWrites.changeSet(n)) {
        if (!restored.has(toHex(key))) restored.set(toHex(key), { key, value: before });
      }
      removed.push(...[changesKey(n), batchKey(n)].map((key) => ({ key, value: new Uint8Array(0) })));
    }
    const { seal: old, record } = await this.#logOfWrites.sealed(number);
    const sealed = seal(number, { ...old, reverts: old.reverts + 1n }, record);
    const next = { number, oldest: this.oldest, seal: sealed.seal.hash };
    await this.#store.write([
      ...restored.values(),
      ...removed,
      { key: batchKey(number), value: encodeSealed(sealed) },
      { key: metaKey('head'), value: encodeHead(next) },
    ]);
    this.#at = next;
    for (const known of [...this.#hashes.keys()]) if (known > number) this.#hashes.delete(known);
    this.#reverts += 1;
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
