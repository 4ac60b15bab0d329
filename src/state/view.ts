import type { Address, Hex } from 'viem';
import type { SlotChange } from '../batch/diff.js';
import type { Account, Replay } from '../batch/types.js';

/** A state that is only read. Absent accounts read as `EMPTY_ACCOUNT`, absent slots as 0. */
export interface StateView {
  account(address: Address): Promise<Account>;
  slot(address: Address, key: Hex): Promise<bigint>;
  /** Code by its hash. @throws StateError `STATE_CORRUPT` when no account has ever had it */
  code(codeHash: Hex): Promise<Hex>;
  /** Every present account, by ascending address. */
  accounts(): AsyncIterable<readonly [Address, Account]>;
  /** Every present slot of one account or of all, by ascending address, then key. */
  slots(address?: Address): AsyncIterable<SlotChange>;
}

/** What a batch changes: values after it. An empty account is deleted, a slot of value 0 too. */
export interface StateChanges {
  readonly accounts: ReadonlyMap<Address, Account>;
  readonly slots: readonly SlotChange[];
  /** New code by its hash. */
  readonly code: ReadonlyMap<Hex, Hex>;
}

/** An executed batch that is to be stored: what `replayBatch` returns. */
export interface AppliedBatch {
  readonly replay: Replay;
  readonly changes: StateChanges;
  /** `h(Δ)`. */
  readonly diffHash: Hex;
}
