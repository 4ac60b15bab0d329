import type { AccountAccess, Header, Outcome, ParsedTx, Replay } from '../../batch/types.js';
import type { TraceRow } from '../../chips/chip.js';
import { TraceError } from '../../errors/trace.js';
import type { CodeRun } from '../../evm/run.js';
import type { ExecutionEnd } from '../../statement/execution-terms.js';
import type { RowSink } from '../sink.js';
import { BatchMachine } from './batch-machine.js';
import { beginRow, endRow } from './frame-rows.js';
import type { Hooks } from './hooks.js';
import { memoryRows } from './memory-rows.js';
import { frameDiffers, runFrame } from './run-frame.js';
import { skipRow } from './skip-rows.js';
import { drainJournal, drainStack, slotEndRow, undoChanges, warmRows } from './storage-rows.js';
import { type Between, badRow, cellEndRow, endOf, type Step, transferRow } from './transaction-rows.js';

/** Told how much is done, 0 to 1. */
export type OnProgress = (fraction: number) => void;

/** What is left when a batch's execution has been traced. */
export interface ExecutionTrace {
  readonly end: ExecutionEnd;
  /** After the batch, with the codes and the hashes that L1 supplies. */
  readonly batch: BatchMachine;
}

/**
 * The rows that prove a replayed batch: one or more per item read, one per account and slot at the end. Cells are recomputed step by step
 * from the access list's pre values, so rows are made only for a replay that follows FORMATS.md, "Execution of a batch". They go to
 * `sink`, without those that supply tables, which serve the whole bundle.
 * @param hooks leave the truth: nothing is compared with the replay then, and the rows are those of whatever happens
 * @throws TraceError `TRACE_STATE_DIFFERS`: the end disagrees with the replay (an account's post value, gas, work, items), or the rows'
 * machine and the replay's VM do, or the replay does not know a code that runs
 * @throws TraceError `TRACE_NOT_LISTED`: an account that is touched is missing in the access list
 * @throws TraceError `TRACE_REASON_FALSE`: a transaction is said to be skipped for a reason that is not true
 * @throws TraceError `TRACE_NOT_VALID`: a transaction is said to be executed that is not valid in its state
 * @throws TraceError `TRACE_OVERFLOW`: a balance would exceed 256 bits
 */
export function execute(
  replay: Replay,
  sink: RowSink,
  onProgress: OnProgress = () => undefined,
  hooks?: Hooks,
): ExecutionTrace {
  const driver = new Driver(replay, sink, onProgress, hooks);
  for (const outcome of replay.outcomes.slice(0, replay.read)) driver.item(outcome);
  driver.finish();
  const { ts, gasUsed, work, jrn } = driver.batch.between;
  return { end: { ts, gasUsed, work, jrn }, batch: driver.batch };
}

/** The one loop over a batch: items, and the frames of those that run code. */
class Driver {
  readonly batch: BatchMachine;

  constructor(
    readonly replay: Replay,
    readonly sink: RowSink,
    readonly onProgress: OnProgress,
    readonly hooks: Hooks | undefined,
  ) {
    this.batch = new BatchMachine(replay);
  }

  /** Makes the rows of the next item. */
  item(outcome: Outcome): void {
    const { batch, replay } = this;
    const { between, accounts } = batch;
    const { header } = replay.batch;
    const use = outcome.kind === 'cutOff' ? 0n : outcome.kind === 'bad' ? outcome.use : outcome.tx.use;
    if (outcome.kind === 'cutOff' || use > between.work) throw differs(`item ${between.tx}`, 'read', 'cut off');
    if (outcome.kind === 'bad') this.#one('txbad', `bad: ${outcome.reason}`, badRow(outcome, between));
    else if (outcome.kind === 'skipped') {
      const { tx, reason } = outcome;
      this.#one('txskip', `skipped: ${reason}`, skipRow(tx, reason, between, header, accounts));
    } else if (outcome.run === undefined) {
      this.#one('transfer', 'transfer', transferRow(outcome.tx, between, header, accounts));
    } else this.#call(outcome.tx, outcome.run, header);
  }

  /** Ends all cells, and checks that they are what the replay says. */
  finish(): void {
    const { accounts, slots, journal } = this.batch;
    for (const access of this.replay.accessList) {
      const address = BigInt(access.address);
      const cell = accounts.at(address);
      if (this.hooks === undefined) checkEnd(access, endOf(cell));
      this.#push('cellend', cellEndRow(address, cell), `end of account ${access.address}`);
      for (const { key, post } of access.slots ?? []) {
        const slot = slots.at(address, BigInt(key));
        if (this.hooks === undefined && slot.cur !== post)
          throw differs(`slot ${key} of account ${access.address}`, post, slot.cur);
        this.sink.push(slotEndRow(address, BigInt(key), slot));
      }
    }
    this.#all(drainJournal(journal.entries));
    if (this.hooks === undefined) checkScalars(this.replay, this.batch.between);
  }

  #one(chip: string, what: string, { row, next }: Step<object>): void {
    this.#push(chip, row, `transaction ${this.batch.between.tx} (${what})`);
    this.batch.between = next;
  }

  /**
   * A transaction to an account with code: begin, frame, warm keys, steps, undo, memory, what is left on the stack, end. Every step is
   * compared with the replay's.
   */
  #call(tx: ParsedTx, run: CodeRun, header: Header): void {
    const { batch, hooks } = this;
    const { accounts, slots, between } = batch;
    const T = between.tx;
    const code = hooks?.code?.(batch) ?? batch.codes.get(run.codeHash);
    if (code === undefined)
      throw frameDiffers(T, 'the code that runs', run.codeHash, 'not among the codes of the replay');
    const keys = hooks?.keys?.(tx, T) ?? tx.keys;
    // Hooks see the rows of a frame before they go on.
    const begun = beginRow({ ...tx, keys }, between, header, batch, code, hooks === undefined ? this.sink : undefined);
    const { begin, frame, machine, warmFrom, saved } = begun;
    const origin = `transaction ${T}`;
    this.#push('txbegin', begin, `${origin}, begin`);
    this.#push('frame', frame, `${origin}, frame`);
    const warmed = keys.map(({ address, key }) => ({ address: BigInt(address), key: BigInt(key) }));
    this.#all(warmRows(warmed, warmFrom, T, slots));
    hooks?.begun?.(begun, batch);
    batch.frames.push(machine);
    const onGas = (gas: bigint) =>
      this.onProgress(Math.min(Number(between.gasUsed + gas) / Number(this.replay.gasUsed), 1));
    runFrame(machine, hooks, hooks === undefined ? { run, onGas } : undefined);
    if (machine.end!.ok === 0n) (hooks?.undo ?? undoChanges)(machine, saved.jrn);
    this.#all(machine.rows);
    this.#all(memoryRows(machine.memory, saved.call, origin));
    this.#all(drainStack(machine));
    batch.frames.pop();
    const end = hooks?.end?.(machine.end!, T) ?? machine.end!;
    const ended = endRow(end, saved, header, accounts);
    this.#push('txend', ended.row, `${origin}, end`);
    batch.between = ended.next;
  }

  #push(chip: string, row: object, origin: string): void {
    this.sink.push({ chip, row: row as TraceRow['row'], origin });
  }

  #all(rows: Iterable<TraceRow>): void {
    for (const row of rows) this.sink.push(row);
  }
}

function checkEnd({ address, post }: AccountAccess, end: ReturnType<typeof endOf>): void {
  const codeHash = BigInt(post.codeHash);
  if (end.nonce !== post.nonce) throw differs(`account ${address}: nonce`, post.nonce, end.nonce);
  if (end.balance !== post.balance) throw differs(`account ${address}: balance`, post.balance, end.balance);
  if (end.code !== codeHash) throw differs(`account ${address}: code hash`, codeHash, end.code);
}

function checkScalars({ read, gasUsed, work, outcomes }: Replay, between: Between): void {
  if (outcomes.length < read) throw differs('items read', read, outcomes.length);
  if (gasUsed !== between.gasUsed) throw differs('gas used', gasUsed, between.gasUsed);
  if (work !== between.work) throw differs('work left', work, between.work);
}

function differs(what: string, claimed: unknown, found: unknown): TraceError {
  return new TraceError('TRACE_STATE_DIFFERS', `The replay says ${what} is ${claimed}, its rows say ${found}.`, {
    hint: 'The replay is not that of this batch on its access list: replay it again from the flat state.',
  });
}
