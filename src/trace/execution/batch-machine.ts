import type { Hex } from 'viem';
import { fromHex } from '../../batch/bytes.js';
import type { Replay } from '../../batch/types.js';
import { AccountCells } from './account-cells.js';
import { Journal } from './journal.js';
import { KeccakTable } from './keccak-table.js';
import type { BatchState, FrameMachine } from './machine.js';
import { SlotCells } from './slot-cells.js';
import type { Between } from './transaction-rows.js';

/** A code with L1's number of it: its place among the batch's codes by hash, from 1. */
export interface NumberedCode {
  readonly id: bigint;
  readonly bytes: Uint8Array;
}

/** A batch while its rows are made: all that lives across its transactions, and the frames that run. */
export class BatchMachine implements BatchState {
  readonly accounts: AccountCells;
  readonly slots: SlotCells;
  readonly journal = new Journal();
  /** By hash. */
  readonly codes: ReadonlyMap<Hex, NumberedCode>;
  readonly keccaks = new KeccakTable();
  /** The innermost one last; none between transactions. */
  readonly frames: FrameMachine[] = [];
  /** Clock and counters, as the last transaction left them. */
  between: Between;

  /** Starts as L1 sends it: the cells of an access list, with the work of a whole batch. */
  constructor({ accessList, codes, rules }: Pick<Replay, 'accessList' | 'codes' | 'rules'>) {
    const sorted = [...codes].sort(([a], [b]) => (a < b ? -1 : 1));
    this.accounts = new AccountCells(accessList);
    this.slots = new SlotCells(accessList);
    this.codes = new Map(sorted.map(([hash, code], i) => [hash, { id: BigInt(i + 1), bytes: fromHex(code) }]));
    this.between = { ts: 0n, tx: 1n, gasUsed: 0n, work: rules.workBudget, jrn: 0n };
  }
}
