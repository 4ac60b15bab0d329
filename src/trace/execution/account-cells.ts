import type { Address } from 'viem';
import type { AccountAccess } from '../../batch/types.js';
import { type AccountCell, accessCells, initialCell, refreshed } from '../../chips/lib/account.js';
import { TraceError } from '../../errors/trace.js';

/** One access of a row: what it commits to, and the account as the row sees it (after the refresh of a first touch). */
export interface Access {
  readonly cells: readonly bigint[];
  readonly seen: AccountCell;
}

/** The account cells of a batch while its rows are made, by address as an integer. */
export class AccountCells {
  readonly #cells: Map<bigint, AccountCell>;

  /** Starts with L1's initial cells of an access list. */
  constructor(accessList: readonly Pick<AccountAccess, 'address' | 'pre'>[]) {
    this.#cells = new Map(accessList.map(({ address, pre }) => [BigInt(address), initialCell(pre)]));
  }

  /** The cell as its last access left it. @throws TraceError `TRACE_NOT_LISTED` for an address outside the access list. */
  at(address: bigint): AccountCell {
    const cell = this.#cells.get(address);
    if (cell === undefined) {
      throw new TraceError('TRACE_NOT_LISTED', `Account ${hex(address)} is touched but missing in the access list.`);
    }
    return cell;
  }

  /** Touches an account at `time` in transaction `tx`; `change` says what the row writes. */
  touch(
    address: bigint,
    time: bigint,
    tx: bigint,
    change?: (seen: AccountCell) => Partial<Pick<AccountCell, 'nonce' | 'balance'>>,
  ): Access {
    const cell = this.at(address);
    const seen = { ...refreshed(cell, tx), ts: time };
    this.#cells.set(address, { ...seen, ...change?.(seen) });
    return { cells: accessCells(cell, time, tx), seen };
  }

  /** Replaces a cell: for accounts that another chip changed. */
  set(address: bigint, cell: AccountCell): void {
    this.#cells.set(address, cell);
  }
}

/** An address as text. */
export function hex(address: bigint): Address {
  return `0x${address.toString(16).padStart(40, '0')}`;
}
