import type { Address, Hex } from 'viem';
import { AccessListError, type AccessListErrorCode } from '../errors/announcement.js';
import type { AccountChanges, BlockAccessList, IndexedChange, SlotChanges } from './access-list.js';
import type { AccessListLimits } from './access-list-limits.js';
import { toHex, word } from './bytes.js';
import { MAX_CODE_BYTES } from './genesis.js';
import { type RlpItem, readRlpItem, readRlpList, readRlpUint } from './rlp.js';
import { Turns } from './turns.js';

/**
 * Reads a block access list, strictly: what is read encodes to the same bytes again, and everything about it that can be seen without the
 * state is as in a list that an execution makes. The size is looked at first, and nothing is read beyond a limit. The event loop has turns
 * meanwhile.
 * @param limits `accessListLimits` of the batch's rules
 * @throws AccessListError `ACCESS_LIST_TOO_LARGE` (more than a batch can touch), `ACCESS_LIST_FORM` (not this RLP), `ACCESS_LIST_RANGE` (a
 * number that cannot be), `ACCESS_LIST_ORDER`, `ACCESS_LIST_TWICE` (also a slot that is both read and changed), `ACCESS_LIST_NO_CHANGE`
 * (a value as it was before, or a slot without values)
 */
export async function decodeAccessList(bytes: Uint8Array, limits: AccessListLimits): Promise<BlockAccessList> {
  if (bytes.length > limits.bytes) tooMany('bytes', bytes.length, limits.bytes);
  const item = readRlpItem(bytes, 0, bytes.length);
  if (item === undefined || item.to !== bytes.length) fail('ACCESS_LIST_FORM', 'it is not one canonical RLP list');
  return new Decoder(bytes, limits).list(item);
}

type Counted = 'slots' | 'balances' | 'nonces' | 'codes';

class Decoder {
  readonly #bytes: Uint8Array;
  readonly #limits: AccessListLimits;
  readonly #counts: Record<Counted, number> = { slots: 0, balances: 0, nonces: 0, codes: 0 };
  /** Where it reads, for messages. */
  #place = 'the list';

  constructor(bytes: Uint8Array, limits: AccessListLimits) {
    this.#bytes = bytes;
    this.#limits = limits;
  }

  async list(item: RlpItem): Promise<BlockAccessList> {
    const turns = new Turns();
    const items = this.#items(item);
    if (items.length > this.#limits.accounts) tooMany('accounts', items.length, this.#limits.accounts);
    const list: AccountChanges[] = [];
    for (const [i, account] of items.entries()) {
      if (turns.due) await turns.give();
      this.#place = `account ${i + 1}`;
      const read = this.#account(account);
      this.#ascending('accounts', list.at(-1)?.address, read.address);
      list.push(read);
    }
    return list;
  }

  #account(item: RlpItem): AccountChanges {
    const [addressItem, changesItem, readsItem, balances, nonces, codes] = this.#fields(item, 6);
    const address = this.#address(addressItem!);
    this.#place = `account ${address}`;
    const storageChanges: SlotChanges[] = [];
    for (const entry of this.#items(changesItem!)) {
      const slot = this.#slot(entry);
      this.#ascending('slots', storageChanges.at(-1)?.slot, slot.slot);
      storageChanges.push(slot);
    }
    return {
      address,
      storageChanges,
      storageReads: this.#reads(readsItem!, storageChanges),
      balanceChanges: this.#changes(balances!, 'balances', (value) => this.#uint(value, 32, 'balance')),
      nonceChanges: this.#nonces(nonces!),
      codeChanges: this.#changes(codes!, 'codes', (value) => this.#code(value)),
    };
  }

  #slot(item: RlpItem): SlotChanges {
    const [key, values] = this.#fields(item, 2);
    const slot = word(this.#uint(key!, 32, 'slot'));
    const changes = this.#changes(values!, 'slots', (value) => this.#uint(value, 32, 'slot value'));
    if (changes.length === 0) this.#fail('ACCESS_LIST_NO_CHANGE', `slot ${slot} is listed as changed and has no value`);
    return { slot, changes };
  }

  #reads(item: RlpItem, changed: readonly SlotChanges[]): Hex[] {
    const items = this.#items(item);
    this.#count('slots', items.length);
    const known = new Set(changed.map(({ slot }) => slot));
    const reads: Hex[] = [];
    for (const read of items) {
      const slot = word(this.#uint(read, 32, 'slot'));
      this.#ascending('slots read', reads.at(-1), slot);
      if (known.has(slot)) this.#fail('ACCESS_LIST_TWICE', `slot ${slot} is listed as changed and as read`);
      reads.push(slot);
    }
    return reads;
  }

  /** Nonces only grow, from 0 on. */
  #nonces(item: RlpItem): IndexedChange<bigint>[] {
    const nonces = this.#changes(item, 'nonces', (value) => this.#uint(value, 8, 'nonce'));
    let last = 0n;
    for (const { index, value } of nonces) {
      if (value <= last) this.#fail('ACCESS_LIST_RANGE', `its nonce falls from ${last} to ${value} at item ${index}`);
      last = value;
    }
    return nonces;
  }

  #changes<T>(item: RlpItem, what: Counted, readValue: (item: RlpItem) => T): IndexedChange<T>[] {
    const items = this.#items(item);
    this.#count(what, items.length);
    const changes: IndexedChange<T>[] = [];
    for (const change of items) {
      const [indexItem, valueItem] = this.#fields(change, 2);
      const index = Number(this.#uint(indexItem!, 4, 'index'));
      if (index < 1 || index > this.#limits.index) {
        this.#fail('ACCESS_LIST_RANGE', `there is no item ${index} in a batch of at most ${this.#limits.index}`);
      }
      const value = readValue(valueItem!);
      const last = changes.at(-1);
      if (last !== undefined) {
        if (index === last.index) this.#fail('ACCESS_LIST_TWICE', `one of its ${what} changes twice at item ${index}`);
        if (index < last.index) this.#fail('ACCESS_LIST_ORDER', `item ${index} stands after item ${last.index}`);
        if (value === last.value)
          this.#fail('ACCESS_LIST_NO_CHANGE', `item ${index} leaves one of its ${what} as it was`);
      }
      changes.push({ index, value });
    }
    return changes;
  }

  #address(item: RlpItem): Address {
    if (item.isList || item.to - item.from !== 20) this.#fail('ACCESS_LIST_FORM', 'its address is not 20 bytes');
    return toHex(this.#bytes.subarray(item.from, item.to));
  }

  #code(item: RlpItem): Hex {
    if (item.isList) this.#fail('ACCESS_LIST_FORM', 'its code is a list');
    if (item.to - item.from > MAX_CODE_BYTES)
      this.#fail('ACCESS_LIST_RANGE', `its code is above ${MAX_CODE_BYTES} bytes`);
    return toHex(this.#bytes.subarray(item.from, item.to));
  }

  #uint(item: RlpItem, maxBytes: number, what: string): bigint {
    const value = readRlpUint(this.#bytes, item, maxBytes);
    return value ?? this.#fail('ACCESS_LIST_FORM', `a ${what} is no canonical integer of at most ${maxBytes} bytes`);
  }

  #fields(item: RlpItem, count: number): RlpItem[] {
    const fields = this.#items(item);
    if (fields.length !== count) this.#fail('ACCESS_LIST_FORM', `${fields.length} fields stand where ${count} belong`);
    return fields;
  }

  #items(item: RlpItem): RlpItem[] {
    return readRlpList(this.#bytes, item) ?? this.#fail('ACCESS_LIST_FORM', 'no canonical RLP list where one belongs');
  }

  #count(what: Counted, more: number): void {
    this.#counts[what] += more;
    if (this.#counts[what] > this.#limits[what]) tooMany(what, this.#counts[what], this.#limits[what]);
  }

  /** Hex of one length. */
  #ascending(what: string, last: Hex | undefined, next: Hex): void {
    if (last === undefined || last < next) return;
    if (last === next) this.#fail('ACCESS_LIST_TWICE', `${next} stands twice among its ${what}`);
    this.#fail('ACCESS_LIST_ORDER', `${next} stands after ${last} among its ${what}`);
  }

  #fail(code: AccessListErrorCode, what: string): never {
    fail(code, `${this.#place}: ${what}`);
  }
}

function tooMany(what: string, count: number, limit: number): never {
  fail('ACCESS_LIST_TOO_LARGE', `${count} ${what} (or more) are above the ${limit} that a batch can have`);
}

function fail(code: AccessListErrorCode, what: string): never {
  throw new AccessListError(code, `This is no access list of a batch: ${what}.`);
}
