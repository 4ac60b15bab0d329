import { bigIntMin } from '@ethereumjs/util';
import type { Address, Hex } from 'viem';
import type { AccountChanges, BlockAccessList, IndexedChange } from '../batch/access-list.js';
import { compareHex } from '../batch/diff.js';
import type { Account, AccountAccess, ParsedTx } from '../batch/types.js';
import { PRICES } from '../evm/gas.js';
import type { CodeRun, SlotKey } from '../evm/run.js';
import type { StateView } from '../state/view.js';

/** What a run of code means for the state: how it ended, and which slots it touched and wrote. */
export interface RunEffect extends Pick<CodeRun, 'end' | 'gasLeft' | 'refund'> {
  readonly touched: readonly SlotKey[];
  /** Writes to the recipient's storage, in their order; they count unless the run failed. */
  readonly writes: readonly { readonly key: Hex; readonly value: bigint }[];
}

/** A value before the batch, before the item that is being executed, and now. */
interface Touched<T> {
  readonly pre: T;
  last: T;
  post: T;
}

interface TouchedSlot extends Touched<bigint> {
  readonly changes: IndexedChange<bigint>[];
}

interface TouchedAccount extends Touched<Account> {
  readonly nonceChanges: IndexedChange<bigint>[];
  readonly balanceChanges: IndexedChange<bigint>[];
  readonly slots: Map<Hex, TouchedSlot>;
}

/**
 * The accounts and slots that a batch touches, before it, after each of its items, and now. It applies the rules by plain arithmetic, apart
 * from any VM, and at the end it is the access list.
 */
export class Ledger {
  readonly #view: StateView;
  readonly #accounts = new Map<Address, TouchedAccount>();
  /** What the item that is being executed has written, and may have written back. */
  readonly #writtenAccounts = new Set<TouchedAccount>();
  readonly #writtenSlots = new Set<TouchedSlot>();

  constructor(view: StateView) {
    this.#view = view;
  }

  /** The account as it is now; from then on it is in the access list. */
  async touch(address: Address): Promise<Account> {
    return (await this.#account(address)).post;
  }

  /** The slot as it is now; from then on it and its account are in the access list. */
  async touchSlot(slot: SlotKey): Promise<bigint> {
    return (await this.#slot(slot)).post;
  }

  /**
   * Executes a transfer (FORMATS.md, "Execution of a batch", 3), which must have no reason to be skipped. Parties may
   * coincide, so each change is made on the account as the one before left it.
   * @returns gas used
   */
  async transfer(tx: ParsedTx, feeRecipient: Address): Promise<bigint> {
    await this.#settle(tx, feeRecipient, tx.intrinsic, tx.value);
    return tx.intrinsic;
  }

  /**
   * Executes a transaction whose recipient's code did this: pays for its gas, moves its value and writes its storage unless the
   * code failed (FORMATS.md, "Execution of code").
   * @returns gas used after the refund
   */
  async call(
    tx: ParsedTx,
    feeRecipient: Address,
    { end, gasLeft, refund, touched, writes }: RunEffect,
  ): Promise<bigint> {
    const spent = tx.gasLimit - gasLeft;
    const used = end === 'ok' ? spent - bigIntMin(refund, spent / BigInt(PRICES.refundQuotient)) : spent;
    for (const slot of touched) await this.touchSlot(slot);
    if (end === 'ok') {
      for (const { key, value } of writes) {
        const slot = await this.#slot({ address: tx.to, key });
        slot.post = value;
        this.#writtenSlots.add(slot);
      }
    }
    await this.#settle(tx, feeRecipient, used, end === 'ok' ? tx.value : 0n);
    return used;
  }

  /** Notes what the item that was executed last has changed. @param index 1 for the first item of the batch */
  endItem(index: number): void {
    for (const account of this.#writtenAccounts) {
      const { last, post } = account;
      if (last.nonce !== post.nonce) account.nonceChanges.push({ index, value: post.nonce });
      if (last.balance !== post.balance) account.balanceChanges.push({ index, value: post.balance });
      account.last = post;
    }
    for (const slot of this.#writtenSlots) {
      if (slot.last !== slot.post) slot.changes.push({ index, value: slot.post });
      slot.last = slot.post;
    }
    this.#writtenAccounts.clear();
    this.#writtenSlots.clear();
  }

  /** Every touched account by ascending address, its slots by ascending key. */
  accessList(): AccountAccess[] {
    return sorted(this.#accounts).map(([address, { pre, post, slots }]) => ({
      address,
      pre,
      post,
      slots: sorted(slots).map(([key, slot]) => ({ key, pre: slot.pre, post: slot.post })),
    }));
  }

  /** The same accounts and slots, with their values after each item that changed them. Code never changes. */
  blockAccessList(): BlockAccessList {
    return sorted(this.#accounts).map(([address, { nonceChanges, balanceChanges, slots }]): AccountChanges => {
      const touched = sorted(slots);
      return {
        address,
        storageChanges: touched.flatMap(([slot, { changes }]) => (changes.length === 0 ? [] : [{ slot, changes }])),
        storageReads: touched.flatMap(([slot, { changes }]) => (changes.length === 0 ? [slot] : [])),
        balanceChanges,
        nonceChanges,
        codeChanges: [],
      };
    });
  }

  async #settle(tx: ParsedTx, feeRecipient: Address, used: bigint, value: bigint): Promise<void> {
    await this.#change(tx.sender, (account) => ({
      ...account,
      nonce: account.nonce + 1n,
      balance: account.balance - used * tx.price - value,
    }));
    await this.#change(tx.to, (account) => ({ ...account, balance: account.balance + value }));
    await this.#change(feeRecipient, (account) => ({ ...account, balance: account.balance + used * tx.tip }));
  }

  async #change(address: Address, change: (account: Account) => Account): Promise<void> {
    const entry = await this.#account(address);
    entry.post = change(entry.post);
    this.#writtenAccounts.add(entry);
  }

  async #account(address: Address): Promise<TouchedAccount> {
    const known = this.#accounts.get(address);
    if (known !== undefined) return known;
    const pre = await this.#view.account(address);
    const entry: TouchedAccount = {
      ...{ pre, last: pre, post: pre },
      ...{ nonceChanges: [], balanceChanges: [], slots: new Map() },
    };
    this.#accounts.set(address, entry);
    return entry;
  }

  async #slot({ address, key }: SlotKey): Promise<TouchedSlot> {
    const { slots } = await this.#account(address);
    const known = slots.get(key);
    if (known !== undefined) return known;
    const pre = await this.#view.slot(address, key);
    const slot: TouchedSlot = { pre, last: pre, post: pre, changes: [] };
    slots.set(key, slot);
    return slot;
  }
}

function sorted<Value>(entries: ReadonlyMap<Hex, Value>): [Hex, Value][] {
  return [...entries].sort(([a], [b]) => compareHex(a, b));
}
