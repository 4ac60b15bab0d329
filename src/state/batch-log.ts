import type { Address, Hex } from 'viem';
import { bytesToBigint, toHex } from '../batch/bytes.js';
import type { Account } from '../batch/types.js';
import { RESYNC, StateError } from '../errors/state.js';
import {
  addressOfKey,
  type Bytes,
  batchKey,
  type Change,
  changesKey,
  decodeAccount,
  decodeChangeSet,
  PREFIX,
  slotOfKey,
} from './codec.js';
import { decodeSealed, type Head, type Sealed, same, sha256 } from './seal.js';
import type { Store } from './store.js';

/** What a batch changed, by ascending address, then key. */
export interface BatchChanges {
  readonly accounts: readonly { readonly address: Address; readonly pre: Account; readonly post: Account }[];
  readonly slots: readonly {
    readonly address: Address;
    readonly key: Hex;
    readonly pre: bigint;
    readonly post: bigint;
  }[];
}

/** The sealed records and change sets of a flat state's batches, to be read. What is not as it was sealed is an error. */
export class BatchLog {
  readonly #store: Store;
  readonly #head: () => Head;
  readonly #settled: () => Promise<unknown>;

  /**
   * @param head what is newest now
   * @param settled resolves when no write is in progress: what contradicts itself before that may only be on its way
   */
  constructor(store: Store, head: () => Head, settled: () => Promise<unknown> = async () => undefined) {
    this.#store = store;
    this.#head = head;
    this.#settled = settled;
  }

  /** The record of a batch (0: of the genesis) with its seal, which fits it. @throws StateError `STATE_UNKNOWN_BATCH`, `STATE_CORRUPT` */
  async sealed(number: bigint): Promise<Sealed> {
    const found = await this.#twice(async () => {
      this.#assertKnown(number);
      return decodeSealed(number, await this.#store.get(batchKey(number)));
    });
    if (found === undefined) throw damaged(`record of batch ${number}`, this.#store.path);
    return found;
  }

  /** The change set of a batch. @throws StateError `STATE_PRUNED`, `STATE_UNKNOWN_BATCH`, `STATE_CORRUPT` */
  async changeSet(number: bigint): Promise<Change[]> {
    const changes = await this.#twice(async () => {
      this.#assertKnown(number);
      this.#assertKept(number);
      const [bytes, sealed] = await this.#store.getMany([changesKey(number), batchKey(number)]);
      const expected = decodeSealed(number, sealed!)?.seal.changes;
      return expected !== undefined && same(sha256(bytes!), expected) ? decodeChangeSet(bytes!) : undefined;
    });
    if (changes === undefined) throw damaged(`change set of batch ${number}`, this.#store.path);
    return changes;
  }

  /** {@link changeSet} by accounts and slots. */
  async changes(number: bigint): Promise<BatchChanges> {
    const set = await this.changeSet(number);
    const ofKind = (prefix: number) => set.filter(({ key }) => key[0] === prefix);
    return {
      accounts: ofKind(PREFIX.account).map(({ key, before, after }) => ({
        address: addressOfKey(key),
        pre: decodeAccount(before),
        post: decodeAccount(after),
      })),
      slots: ofKind(PREFIX.slot).map(({ key, before, after }) => ({
        address: addressOfKey(key),
        key: slotOfKey(key),
        pre: bytesToBigint(before),
        post: bytesToBigint(after),
      })),
    };
  }

  /**
   * Checks the newest `count` batches, all when absent: that each record and change set is what was sealed, that each seal follows the one
   * before it, and that what they changed last is what the present state says. What no batch changed only the tries can tell.
   * @throws StateError `STATE_CORRUPT`, naming what is damaged
   */
  async verify(count?: bigint): Promise<void> {
    const { number: head, oldest, seal: newest } = this.#head();
    const end = count === undefined || count > head ? 0n : head - count;
    const seen = new Set<Hex>();
    let expected = newest;
    for (let number = head; ; number--) {
      const { seal } = await this.sealed(number);
      if (!same(seal.hash, expected)) {
        throw damaged(`record of batch ${number}, which is not the one that was followed,`, this.#store.path);
      }
      if (number <= end) return;
      if (number > oldest) await this.#checkPresent(number, seen);
      expected = seal.previous;
    }
  }

  /** Compares what a batch changed, and none after it (`seen`), with the present state. */
  async #checkPresent(number: bigint, seen: Set<Hex>): Promise<void> {
    const last = (await this.changeSet(number)).filter(({ key }) => !seen.has(toHex(key)));
    const present = await this.#store.getMany(last.map(({ key }) => key));
    for (const [i, { key, after }] of last.entries()) {
      seen.add(toHex(key));
      if (!same(present[i]!, after)) {
        throw damaged(`${nameOfKey(key)}, which batch ${number} changed last,`, this.#store.path);
      }
    }
  }

  /** What `read` finds, if need be at a second look, when nothing is being written. */
  async #twice<T>(read: () => Promise<T | undefined>): Promise<T | undefined> {
    const found = await read();
    if (found !== undefined) return found;
    await this.#settled();
    return read();
  }

  #assertKnown(number: bigint): void {
    const { number: head } = this.#head();
    if (number < 0n || number > head) throw unknownBatch(number, head);
  }

  #assertKept(number: bigint): void {
    const { oldest } = this.#head();
    if (number <= oldest) throw prunedError(number - 1n, oldest);
  }
}

function nameOfKey(key: Bytes): string {
  return key[0] === PREFIX.account ? `account ${addressOfKey(key)}` : `slot ${slotOfKey(key)} of ${addressOfKey(key)}`;
}

export function unknownBatch(number: bigint, head: bigint): StateError {
  return new StateError('STATE_UNKNOWN_BATCH', `There is no batch ${number}; the latest is ${head}.`);
}

export function prunedError(number: bigint, oldest: bigint): StateError {
  const message = `The state after batch ${number} is no longer kept; the oldest is ${oldest}.`;
  return new StateError('STATE_PRUNED', message, { hint: 'Keep more batches, or rebuild the state from L1.' });
}

/** The error of a store whose content is not what was written. */
export function damaged(what: string, path: string, cause?: unknown): StateError {
  return new StateError('STATE_CORRUPT', `The ${what} at ${path} is damaged.`, { hint: RESYNC, cause });
}
