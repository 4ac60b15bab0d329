import type { AccountFields, StateManagerInterface } from '@ethereumjs/common';
import { OriginalStorageCache } from '@ethereumjs/statemanager';
import { createAccount, type Account as VmAccount, type Address as VmAddress } from '@ethereumjs/util';
import { type Address, type Hex, keccak256 } from 'viem';
import { bigintToBytes, bytesToBigint, fromHex, toHex } from '../batch/bytes.js';
import type { SlotChange } from '../batch/diff.js';
import { type Account, EMPTY_ACCOUNT, EMPTY_CODE_HASH, isEmptyAccount } from '../batch/types.js';
import { ExecutionError } from '../errors/execution.js';
import type { StateChanges, StateView } from '../state/view.js';
import { JournaledMap } from './journaled-map.js';

/**
 * ethereumjs' state manager over a flat read-only view: writes go to an overlay in memory with checkpoints, reads that
 * reach the view are cached, and there is no trie: asking for a state root is an error. An account has no storage root
 * here (ethereumjs sees that of an empty trie), and an empty account is always absent (EIP-161); genesis rules out storage without nonce and code, where it would matter.
 */
export class FlatStateManager implements StateManagerInterface {
  readonly originalStorageCache: OriginalStorageCache;
  readonly #view: StateView;
  readonly #accounts = new JournaledMap<Address, Account>();
  readonly #slots = new JournaledMap<string, bigint>();
  readonly #code = new JournaledMap<Hex, Hex>();
  readonly #baseAccounts = new Map<Address, Account>();
  readonly #baseSlots = new Map<string, bigint>();

  constructor(view: StateView) {
    this.#view = view;
    this.originalStorageCache = new OriginalStorageCache((address, key) => this.getStorage(address, key));
  }

  /** The account as it is now, as the state knows it. */
  async account(address: Address): Promise<Account> {
    return this.#accounts.get(address) ?? (await this.#base(address));
  }

  /** What differs from the view underneath. */
  async changes(): Promise<StateChanges> {
    const accounts = new Map<Address, Account>();
    for (const [address, account] of this.#accounts.entries()) {
      if (!sameAccount(account, await this.#base(address))) accounts.set(address, account);
    }
    const slots: SlotChange[] = [];
    for (const [id, value] of this.#slots.entries()) {
      const [address, key] = id.split(' ') as [Address, Hex];
      if (value !== (await this.#baseSlot(address, key))) slots.push({ address, key, value });
    }
    return { accounts, slots, code: new Map(this.#code.entries()) };
  }

  async getAccount(address: VmAddress): Promise<VmAccount | undefined> {
    const account = await this.account(nameOf(address));
    return isEmptyAccount(account) ? undefined : toVmAccount(account);
  }

  async putAccount(address: VmAddress, account?: VmAccount): Promise<void> {
    const { nonce, balance, codeHash } = account ?? toVmAccount(EMPTY_ACCOUNT);
    this.#accounts.set(nameOf(address), { nonce, balance, codeHash: toHex(codeHash) });
  }

  async deleteAccount(address: VmAddress): Promise<void> {
    this.#accounts.set(nameOf(address), EMPTY_ACCOUNT);
  }

  async modifyAccountFields(address: VmAddress, { nonce, balance, codeHash }: AccountFields): Promise<void> {
    const account = await this.account(nameOf(address));
    this.#accounts.set(nameOf(address), {
      nonce: nonce ?? account.nonce,
      balance: balance ?? account.balance,
      codeHash: codeHash === undefined ? account.codeHash : toHex(codeHash),
    });
  }

  async putCode(address: VmAddress, value: Uint8Array): Promise<void> {
    const codeHash = keccak256(value);
    if (codeHash !== EMPTY_CODE_HASH) this.#code.set(codeHash, toHex(value));
    await this.modifyAccountFields(address, { codeHash: fromHex(codeHash) });
  }

  async getCode(address: VmAddress): Promise<Uint8Array> {
    const { codeHash } = await this.account(nameOf(address));
    if (codeHash === EMPTY_CODE_HASH) return new Uint8Array(0);
    return fromHex(this.#code.get(codeHash) ?? (await this.#view.code(codeHash)));
  }

  async getCodeSize(address: VmAddress): Promise<number> {
    return (await this.getCode(address)).length;
  }

  /** The slot's value without leading zero bytes. */
  async getStorage(address: VmAddress, key: Uint8Array): Promise<Uint8Array> {
    const owner = nameOf(address);
    const value = this.#slots.get(slotId(owner, toHex(key))) ?? (await this.#baseSlot(owner, toHex(key)));
    return value === 0n ? new Uint8Array(0) : bigintToBytes(value, Math.ceil(value.toString(16).length / 2));
  }

  async putStorage(address: VmAddress, key: Uint8Array, value: Uint8Array): Promise<void> {
    this.#slots.set(slotId(nameOf(address), toHex(key)), bytesToBigint(value));
  }

  async clearStorage(address: VmAddress): Promise<void> {
    const owner = nameOf(address);
    for await (const { key } of this.#view.slots(owner)) this.#slots.set(slotId(owner, key), 0n);
    for (const [id, value] of [...this.#slots.entries()]) {
      if (id.startsWith(owner) && value !== 0n) this.#slots.set(id, 0n);
    }
  }

  async checkpoint(): Promise<void> {
    for (const map of [this.#accounts, this.#slots, this.#code]) map.checkpoint();
  }

  async commit(): Promise<void> {
    for (const map of [this.#accounts, this.#slots, this.#code]) map.commit();
  }

  async revert(): Promise<void> {
    for (const map of [this.#accounts, this.#slots, this.#code]) map.revert();
  }

  async getStateRoot(): Promise<Uint8Array> {
    throw noTrie();
  }

  async setStateRoot(): Promise<void> {
    throw noTrie();
  }

  async hasStateRoot(): Promise<boolean> {
    throw noTrie();
  }

  /** Forgets what was read of the view, which never changes; kept writes stay. */
  clearCaches(): void {
    this.#baseAccounts.clear();
    this.#baseSlots.clear();
  }

  /** A new manager on the same view, without the writes. */
  shallowCopy(): FlatStateManager {
    return new FlatStateManager(this.#view);
  }

  async #base(address: Address): Promise<Account> {
    const cached = this.#baseAccounts.get(address);
    if (cached !== undefined) return cached;
    const account = await this.#view.account(address);
    this.#baseAccounts.set(address, account);
    return account;
  }

  async #baseSlot(address: Address, key: Hex): Promise<bigint> {
    const cached = this.#baseSlots.get(slotId(address, key));
    if (cached !== undefined) return cached;
    const value = await this.#view.slot(address, key);
    this.#baseSlots.set(slotId(address, key), value);
    return value;
  }
}

function nameOf(address: VmAddress): Address {
  return toHex(address.bytes);
}

function slotId(address: Address, key: Hex): string {
  return `${address} ${key}`;
}

function toVmAccount({ nonce, balance, codeHash }: Account): VmAccount {
  return createAccount({ nonce, balance, codeHash: fromHex(codeHash) });
}

/** Whether two accounts have the same fields. */
export function sameAccount(a: Account, b: Account): boolean {
  return a.nonce === b.nonce && a.balance === b.balance && a.codeHash === b.codeHash;
}

function noTrie(): ExecutionError {
  return new ExecutionError('EXECUTION_NO_TRIE', 'A state root was asked of flat state, which has no trie.', {
    hint: 'Build a trie over the view where a root is needed.',
  });
}
