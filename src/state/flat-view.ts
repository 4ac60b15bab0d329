import type { Address, Hex } from 'viem';
import { bytesToBigint, fromHex, toHex } from '../batch/bytes.js';
import { compareHex, type SlotChange } from '../batch/diff.js';
import { Turns } from '../batch/turns.js';
import { type Account, EMPTY_CODE_HASH } from '../batch/types.js';
import {
  accountKey,
  addressOfKey,
  type Bytes,
  type Change,
  codeKey,
  decodeAccount,
  PREFIX,
  slotKey,
  slotOfKey,
} from './codec.js';
import { missingCode } from './memory-state.js';
import type { Store } from './store.js';
import type { StateView } from './view.js';

/** What a view needs of the flat state it belongs to. */
export interface ViewSource {
  readonly store: Store;
  /** The head after any write in progress is done; counts how often batches were taken back. */
  settled(): Promise<{ readonly head: bigint; readonly reverts: number }>;
  /** A batch's change set. @throws StateError `STATE_PRUNED` */
  changeSet(number: bigint): Promise<readonly Change[]>;
  /** The error of a view whose batches were taken back. */
  revertedError(number: bigint): Error;
}

/**
 * The state after batch `number`, for ever: the store's present value, unless a later batch changed it; then the
 * first later change set has the value. Every read takes the present value first and looks at the change sets after
 * it, so a batch that is applied meanwhile is undone too, and no database snapshot is needed.
 */
export class FlatView implements StateView {
  readonly number: bigint;
  readonly #source: ViewSource;
  readonly #reverts: number;
  /** Values after batch `number` of all keys that the batches up to `#loadedTo` changed, by hex key. */
  readonly #old = new Map<Hex, Bytes>();
  #loadedTo: bigint;
  readonly #turns = new Turns();

  constructor(source: ViewSource, number: bigint, reverts: number) {
    this.#source = source;
    this.number = number;
    this.#loadedTo = number;
    this.#reverts = reverts;
  }

  async account(address: Address): Promise<Account> {
    return decodeAccount(await this.#read(accountKey(address)));
  }

  async slot(address: Address, key: Hex): Promise<bigint> {
    return bytesToBigint(await this.#read(slotKey(address, key)));
  }

  async code(codeHash: Hex): Promise<Hex> {
    if (codeHash === EMPTY_CODE_HASH) return '0x';
    const code = await this.#source.store.get(codeKey(codeHash));
    if (code.length === 0) throw missingCode(codeHash);
    return toHex(code);
  }

  async *accounts(): AsyncGenerator<readonly [Address, Account]> {
    for await (const [key, value] of this.#entries(Uint8Array.of(PREFIX.account))) {
      yield [addressOfKey(key), decodeAccount(value)];
    }
  }

  async *slots(address?: Address): AsyncGenerator<SlotChange> {
    const owner = address === undefined ? new Uint8Array(0) : fromHex(address);
    for await (const [key, value] of this.#entries(Buffer.concat([Uint8Array.of(PREFIX.slot), owner]))) {
      yield { address: addressOfKey(key), key: slotOfKey(key), value: bytesToBigint(value) };
    }
  }

  /** Reads the change sets of all batches after this one; done by every read when it is needed. */
  async catchUp(): Promise<void> {
    const { head, reverts } = await this.#source.settled();
    if (reverts !== this.#reverts) throw this.#source.revertedError(this.number);
    // Parallel reads may load the same change set twice, which is harmless: a key's first value stays.
    while (this.#loadedTo < head) {
      const number = this.#loadedTo + 1n;
      for (const { key, before } of await this.#source.changeSet(number)) {
        const hex = toHex(key);
        if (!this.#old.has(hex)) this.#old.set(hex, before);
      }
      if (this.#loadedTo < number) this.#loadedTo = number;
    }
  }

  async #read(key: Bytes): Promise<Bytes> {
    if (this.#turns.due) await this.#turns.give();
    const present = this.#source.store.getNow(key);
    await this.catchUp();
    return this.#old.size === 0 ? present : (this.#old.get(toHex(key)) ?? present);
  }

  /** All entries under `prefix`, ascending: the store's, with the changed ones put back. */
  async *#entries(prefix: Bytes): AsyncGenerator<[Bytes, Bytes]> {
    const present = this.#source.store.entries(prefix);
    await this.catchUp();
    const start = toHex(prefix);
    const old = [...this.#old].filter(([key]) => key.startsWith(start)).sort(([a], [b]) => compareHex(a, b));
    let next = 0;
    const putBack = function* (before: Hex | undefined): Generator<[Bytes, Bytes]> {
      for (
        let entry = old[next];
        entry !== undefined && (before === undefined || entry[0] < before);
        entry = old[++next]
      ) {
        if (entry[1].length > 0) yield [fromHex(entry[0]), entry[1]];
      }
    };
    for await (const [key, value] of present) {
      const hex = toHex(key);
      yield* putBack(hex);
      if (old[next]?.[0] !== hex) yield [key, value];
    }
    yield* putBack(undefined);
  }
}
