import type { Address } from 'viem';
import { compareHex } from '../batch/diff.js';
import type { Account, AccountAccess, ParsedTx, Rules, SkipReason } from '../batch/types.js';
import { EMPTY_CODE_HASH } from '../batch/types.js';
import type { StateView } from '../state/view.js';

/** What a batch has used so far (FORMATS.md, "Execution of a batch"). */
export interface Running {
  readonly gasUsed: bigint;
  /** Work left. */
  readonly work: bigint;
}

/**
 * The accounts that a batch touches, before it and now. It applies the rules of a transfer by plain arithmetic, apart
 * from any VM, and at the end it is the access list.
 */
export class Ledger {
  readonly #view: StateView;
  readonly #touched = new Map<Address, { readonly pre: Account; post: Account }>();

  constructor(view: StateView) {
    this.#view = view;
  }

  /** The account as it is now; from then on it is in the access list. */
  async touch(address: Address): Promise<Account> {
    const known = this.#touched.get(address);
    if (known !== undefined) return known.post;
    const pre = await this.#view.account(address);
    this.#touched.set(address, { pre, post: pre });
    return pre;
  }

  /**
   * Executes a transfer (FORMATS.md, "Execution of a batch", 5), which must have no reason to be skipped. Parties may
   * coincide, so each change is made on the account as the one before left it.
   */
  async execute(tx: ParsedTx, feeRecipient: Address): Promise<void> {
    const used = tx.intrinsic;
    await this.#change(tx.sender, ({ nonce, balance, codeHash }) => ({
      nonce: nonce + 1n,
      balance: balance - used * tx.price - tx.value,
      codeHash,
    }));
    await this.#change(tx.to, (account) => ({ ...account, balance: account.balance + tx.value }));
    await this.#change(feeRecipient, (account) => ({ ...account, balance: account.balance + used * tx.tip }));
  }

  /** Every touched account by ascending address. */
  accessList(): AccountAccess[] {
    return [...this.#touched]
      .map(([address, { pre, post }]) => ({ address, pre, post }))
      .sort((a, b) => compareHex(a.address, b.address));
  }

  async #change(address: Address, change: (account: Account) => Account): Promise<void> {
    const post = change(await this.touch(address));
    this.#touched.get(address)!.post = post;
  }
}

/**
 * Why a parsed transaction is skipped in this state; `undefined` when it is executed. Where several reasons hold any
 * one would do (no reason is part of the state); the first in the order of FORMATS.md is given.
 * @param running after the item's own `use` is taken from the work
 */
export function skipReason(
  tx: ParsedTx,
  sender: Account,
  to: Account,
  running: Running,
  rules: Rules,
): SkipReason | undefined {
  if (sender.nonce !== tx.nonce) return 'nonce';
  if (sender.codeHash !== EMPTY_CODE_HASH) return 'senderCode';
  if (sender.balance < tx.maxCost) return 'balance';
  if (tx.gasLimit > rules.gasLimit - running.gasUsed) return 'gasLimit';
  if (tx.reserve > running.work) return 'work';
  if (to.codeHash !== EMPTY_CODE_HASH) return 'uncovered';
  return undefined;
}
