import { bigIntMin } from '@ethereumjs/util';
import type { Address, Hex } from 'viem';
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

/** A value before the batch and now. */
interface Touched<T> {
  readonly pre: T;
  post: T;
}

/**
 * The accounts and slots that a batch touches, before it and now. It applies the rules by plain arithmetic, apart from any VM, and
 * at the end it is the access list.
 */
export class Ledger {
  readonly #view: StateView;
  readonly #accounts = new Map<Address, Touched<Account> & { readonly slots: Map<Hex, Touched<bigint>> }>();

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
      for (const { key, value } of writes) (await this.#slot({ address: tx.to, key })).post = value;
    }
    await this.#settle(tx, feeRecipient, used, end === 'ok' ? tx.value : 0n);
    return used;
  }

  /** Every touched account by ascending address, its slots by ascending key. */
  accessList(): AccountAccess[] {
    return [...this.#accounts]
      .map(([address, { pre, post, slots }]) => ({
        address,
        pre,
        post,
        slots: [...slots].map(([key, slot]) => ({ key, ...slot })).sort((a, b) => compareHex(a.key, b.key)),
      }))
      .sort((a, b) => compareHex(a.address, b.address));
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
  }

  async #account(address: Address) {
    const known = this.#accounts.get(address);
    if (known !== undefined) return known;
    const pre = await this.#view.account(address);
    const entry = { pre, post: pre, slots: new Map<Hex, Touched<bigint>>() };
    this.#accounts.set(address, entry);
    return entry;
  }

  async #slot({ address, key }: SlotKey): Promise<Touched<bigint>> {
    const { slots } = await this.#account(address);
    const known = slots.get(key);
    if (known !== undefined) return known;
    const pre = await this.#view.slot(address, key);
    const slot = { pre, post: pre };
    slots.set(key, slot);
    return slot;
  }
}
