import { type Address, type Hex, keccak256 } from 'viem';
import { compareHex, type SlotChange } from '../batch/diff.js';
import { accountOf, type GenesisState } from '../batch/genesis.js';
import { type Account, EMPTY_ACCOUNT, EMPTY_CODE_HASH, isEmptyAccount } from '../batch/types.js';
import { StateError } from '../errors/state.js';
import type { StateChanges, StateView } from './view.js';

/** A state in memory: for a batch file's pre-state, and wherever nothing has to survive the process. */
export class MemoryState implements StateView {
  readonly #accounts = new Map<Address, Account>();
  readonly #slots = new Map<Address, Map<Hex, bigint>>();
  readonly #code = new Map<Hex, Hex>([[EMPTY_CODE_HASH, '0x']]);

  constructor(genesis: GenesisState = new Map()) {
    for (const [address, account] of genesis) {
      this.#accounts.set(address, accountOf(account));
      if (account.storage.size > 0) this.#slots.set(address, new Map(account.storage));
      this.#code.set(keccak256(account.code), account.code);
    }
  }

  /** Writes a batch's changes. */
  apply({ accounts, slots, code }: StateChanges): void {
    for (const [hash, bytes] of code) this.#code.set(hash, bytes);
    for (const [address, account] of accounts) {
      if (isEmptyAccount(account)) this.#accounts.delete(address);
      else this.#accounts.set(address, account);
    }
    for (const { address, key, value } of slots) {
      const storage = this.#slots.get(address) ?? new Map<Hex, bigint>();
      this.#slots.set(address, storage);
      if (value === 0n) storage.delete(key);
      else storage.set(key, value);
    }
  }

  async account(address: Address): Promise<Account> {
    return this.#accounts.get(address) ?? EMPTY_ACCOUNT;
  }

  async slot(address: Address, key: Hex): Promise<bigint> {
    return this.#slots.get(address)?.get(key) ?? 0n;
  }

  async code(codeHash: Hex): Promise<Hex> {
    const code = this.#code.get(codeHash);
    if (code === undefined) throw missingCode(codeHash);
    return code;
  }

  async *accounts(): AsyncGenerator<readonly [Address, Account]> {
    yield* [...this.#accounts].sort(([a], [b]) => compareHex(a, b));
  }

  async *slots(address?: Address): AsyncGenerator<SlotChange> {
    const owners = address === undefined ? [...this.#slots.keys()].sort(compareHex) : [address];
    for (const owner of owners) {
      const sorted = [...(this.#slots.get(owner) ?? [])].sort(([a], [b]) => compareHex(a, b));
      for (const [key, value] of sorted) yield { address: owner, key, value };
    }
  }
}

/** A code hash that no code belongs to. */
export function missingCode(codeHash: Hex): StateError {
  const hint = 'Restore the store from a copy, or delete it and rebuild it from L1.';
  return new StateError('STATE_CORRUPT', `The state has no code with hash ${codeHash}.`, { hint });
}
