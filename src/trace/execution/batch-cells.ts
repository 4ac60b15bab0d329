import type { Hex } from 'viem';
import { fromHex } from '../../batch/bytes.js';
import type { Replay } from '../../batch/types.js';
import { AccountCells } from './account-cells.js';
import { KeccakTable } from './keccak-table.js';
import type { JournalEntry } from './machine.js';
import { SlotCells } from './slot-cells.js';

/** A code with L1's number of it: its place among the batch's codes by hash, from 1. */
export interface NumberedCode {
  readonly id: bigint;
  readonly bytes: Uint8Array;
}

/** All that lives across the transactions of a batch while their rows are made. */
export interface BatchCells {
  readonly accounts: AccountCells;
  readonly slots: SlotCells;
  /** Every write that was not undone, the last one last. */
  readonly journal: JournalEntry[];
  /** By hash. */
  readonly codes: ReadonlyMap<Hex, NumberedCode>;
  readonly keccaks: KeccakTable;
}

/** The cells as L1 sends them at the start of a batch. */
export function batchCells({ accessList, codes }: Pick<Replay, 'accessList' | 'codes'>): BatchCells {
  const sorted = [...codes].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    accounts: new AccountCells(accessList),
    slots: new SlotCells(accessList),
    journal: [],
    codes: new Map(sorted.map(([hash, code], i) => [hash, { id: BigInt(i + 1), bytes: fromHex(code) }])),
    keccaks: new KeccakTable(),
  };
}
