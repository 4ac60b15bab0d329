import type { AccountAccess, Header, Outcome, Replay } from '../../batch/types.js';
import type { TraceRow } from '../../chips/chip.js';
import { TraceError } from '../../errors/trace.js';
import type { ExecutionEnd } from '../../statement/execution-terms.js';
import type { RowSink } from '../sink.js';
import { type BatchCells, batchCells } from './batch-cells.js';
import { runInto } from './run-rows.js';
import { skipRow } from './skip-rows.js';
import { drainJournal, slotEndRow } from './storage-rows.js';
import { type Between, badRow, cellEndRow, endOf, type Step, transferRow } from './transaction-rows.js';

/** Told how much is done, 0 to 1. */
export type OnProgress = (fraction: number) => void;

/** What is left when a batch's execution has been traced. */
export interface ExecutionTrace {
  readonly end: ExecutionEnd;
  /** The cells after the batch, with the codes and the hashes that L1 supplies. */
  readonly cells: BatchCells;
}

/**
 * The rows that prove a replayed batch: one or more per item read, one per account and slot at the end. Cells are recomputed step by step
 * from the access list's pre values, so rows are made only for a replay that follows FORMATS.md, "Execution of a batch". They go to
 * `sink`, without those that supply tables, which serve the whole bundle.
 * @throws TraceError `TRACE_STATE_DIFFERS`: the end disagrees with the replay (an account's post value, gas, work, items)
 * @throws TraceError `TRACE_NOT_LISTED`: an account that is touched is missing in the access list
 * @throws TraceError `TRACE_REASON_FALSE`: a transaction is said to be skipped for a reason that is not true
 * @throws TraceError `TRACE_NOT_VALID`: a transaction is said to be executed that is not valid in its state
 * @throws TraceError `TRACE_OVERFLOW`: a balance would exceed 256 bits
 */
export function executionRows(replay: Replay, sink: RowSink, onProgress: OnProgress = () => undefined): ExecutionTrace {
  const { batch, rules, outcomes, accessList } = replay;
  const cells = batchCells(replay);
  let between: Between = { ts: 0n, tx: 1n, gasUsed: 0n, work: rules.workBudget, jrn: 0n };
  const read = outcomes.slice(0, replay.read);
  const onGas = (gas: bigint) => onProgress(Math.min(Number(between.gasUsed + gas) / Number(replay.gasUsed), 1));
  for (const outcome of read) between = itemInto(outcome, between, batch.header, cells, sink, onGas);
  for (const access of accessList) {
    const address = BigInt(access.address);
    const cell = cells.accounts.at(address);
    checkEnd(access, endOf(cell));
    sink.push({ chip: 'cellend', row: cellEndRow(address, cell), origin: `end of account ${access.address}` });
    for (const { key, post } of access.slots ?? []) {
      const slot = cells.slots.at(address, BigInt(key));
      if (slot.cur !== post) throw differs(`slot ${key} of account ${access.address}`, post, slot.cur);
      sink.push(slotEndRow(address, BigInt(key), slot));
    }
  }
  for (const row of drainJournal(cells.journal)) sink.push(row);
  const { ts, gasUsed, work, jrn } = between;
  checkScalars(replay, read, between);
  return { end: { ts, gasUsed, work, jrn }, cells };
}

/** Makes the rows of one item. @returns the state after it */
function itemInto(
  outcome: Outcome,
  between: Between,
  header: Header,
  cells: BatchCells,
  sink: RowSink,
  onGas: (gas: bigint) => void,
): Between {
  const use = outcome.kind === 'cutOff' ? 0n : outcome.kind === 'bad' ? outcome.use : outcome.tx.use;
  if (outcome.kind === 'cutOff' || use > between.work) throw differs(`item ${between.tx}`, 'read', 'cut off');
  const one = (chip: string, what: string, { row, next }: Step<object>): Between => {
    sink.push({ chip, row: row as TraceRow['row'], origin: `transaction ${between.tx} (${what})` });
    return next;
  };
  switch (outcome.kind) {
    case 'bad':
      return one('txbad', `bad: ${outcome.reason}`, badRow(outcome, between));
    case 'skipped':
      return one(
        'txskip',
        `skipped: ${outcome.reason}`,
        skipRow(outcome.tx, outcome.reason, between, header, cells.accounts),
      );
    case 'executed':
      return outcome.run === undefined
        ? one('transfer', 'transfer', transferRow(outcome.tx, between, header, cells.accounts))
        : runInto(outcome.tx, outcome.run, between, header, cells, sink, onGas);
  }
}

function checkEnd({ address, post }: AccountAccess, end: ReturnType<typeof endOf>): void {
  const codeHash = BigInt(post.codeHash);
  if (end.nonce !== post.nonce) throw differs(`account ${address}: nonce`, post.nonce, end.nonce);
  if (end.balance !== post.balance) throw differs(`account ${address}: balance`, post.balance, end.balance);
  if (end.code !== codeHash) throw differs(`account ${address}: code hash`, codeHash, end.code);
}

function checkScalars({ read, gasUsed, work }: Replay, items: readonly Outcome[], between: Between): void {
  if (items.length !== read) throw differs('items read', read, items.length);
  if (gasUsed !== between.gasUsed) throw differs('gas used', gasUsed, between.gasUsed);
  if (work !== between.work) throw differs('work left', work, between.work);
}

function differs(what: string, claimed: unknown, found: unknown): TraceError {
  return new TraceError('TRACE_STATE_DIFFERS', `The replay says ${what} is ${claimed}, its rows say ${found}.`, {
    hint: 'The replay is not that of this batch on its access list: replay it again from the flat state.',
  });
}
