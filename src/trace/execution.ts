import type { AccountAccess, Outcome, Replay } from '../batch/types.js';
import type { TraceRow } from '../chips/chip.js';
import { TraceError } from '../errors/trace.js';
import { BLOCK_FIELDS, COINBASE, type ExecutionEnd, GASLIMIT } from '../l1/execution-terms.js';
import { AccountCells } from './account-cells.js';
import { type Between, badRow, cellEndRow, endOf, type Step, skipRow, transferRow } from './transaction-rows.js';

/** The rows of a batch's execution, and the scalars that L1's tables need with them. */
export interface ExecutionTrace {
  /** Chips txbad, txskip, transfer, cellend; without the range table, which serves the whole bundle. */
  readonly rows: readonly TraceRow[];
  readonly end: ExecutionEnd;
  /** Multiplicities of BLOCK's seven fields, in the order of the tables (FORMATS.md). */
  readonly blockUses: readonly bigint[];
}

/**
 * The rows that prove a replayed batch: one per item read, one per account at the end. Cells are recomputed step by step
 * from the access list's pre values, so rows are made only for a replay that follows FORMATS.md, "Execution of a batch".
 * @throws TraceError `TRACE_STATE_DIFFERS`: the end disagrees with the replay (an account's post value, gas, work, items)
 * @throws TraceError `TRACE_NOT_LISTED`: an account that is touched is missing in the access list
 * @throws TraceError `TRACE_REASON_FALSE`: a transaction is said to be skipped for a reason that is not true
 * @throws TraceError `TRACE_NOT_VALID`: a transaction is said to be executed that is not valid in its state
 * @throws TraceError `TRACE_OVERFLOW`: a balance would exceed 256 bits
 */
export function executionRows(replay: Replay): ExecutionTrace {
  const { batch, rules, outcomes, accessList } = replay;
  const cells = new AccountCells(accessList);
  const rows: TraceRow[] = [];
  let between: Between = { ts: 0n, tx: 1n, gasUsed: 0n, work: rules.workBudget, jrn: 0n };
  let executed = 0n;
  let skipped = 0n;
  const read = outcomes.slice(0, replay.read);
  for (const outcome of read) {
    const { chip, what, row, next } = stepOf(outcome, between, batch.header, cells);
    rows.push({ chip, row, origin: `transaction ${between.tx} (${what})` });
    if (chip === 'transfer') executed++;
    if (chip === 'txskip') skipped++;
    between = next;
  }
  for (const access of accessList) {
    const cell = cells.at(BigInt(access.address));
    checkEnd(access, endOf(cell));
    const row = cellEndRow(BigInt(access.address), cell);
    rows.push({ chip: 'cellend', row, origin: `end of account ${access.address}` });
  }
  const { ts, gasUsed, work, jrn } = between;
  checkScalars(replay, read, between);
  const uses: Partial<Record<number, bigint>> = { [COINBASE]: executed, [GASLIMIT]: executed + skipped };
  return { rows, end: { ts, gasUsed, work, jrn }, blockUses: BLOCK_FIELDS.map((field) => uses[field] ?? 0n) };
}

type NamedStep = Step<TraceRow['row']> & { readonly chip: string; readonly what: string };

function stepOf(outcome: Outcome, between: Between, header: Replay['batch']['header'], cells: AccountCells): NamedStep {
  const use = outcome.kind === 'cutOff' ? 0n : outcome.kind === 'bad' ? outcome.use : outcome.tx.use;
  if (outcome.kind === 'cutOff' || use > between.work) throw differs(`item ${between.tx}`, 'read', 'cut off');
  switch (outcome.kind) {
    case 'bad':
      return { chip: 'txbad', what: `bad: ${outcome.reason}`, ...badRow(outcome, between) };
    case 'skipped':
      return {
        chip: 'txskip',
        what: `skipped: ${outcome.reason}`,
        ...skipRow(outcome.tx, outcome.reason, between, header, cells),
      };
    case 'executed':
      return { chip: 'transfer', what: 'transfer', ...transferRow(outcome.tx, between, header, cells) };
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
