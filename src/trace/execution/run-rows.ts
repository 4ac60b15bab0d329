import type { Header, ParsedTx } from '../../batch/types.js';
import type { TraceRow } from '../../chips/chip.js';
import { TraceError } from '../../errors/trace.js';
import { OPCODES } from '../../evm/opcodes.js';
import type { CodeRun } from '../../evm/run.js';
import type { EvmStep } from '../../evm/step-log.js';
import type { RowSink } from '../sink.js';
import { haltStep } from '../steps/halt.js';
import { STEPS } from '../steps/index.js';
import type { BatchCells } from './batch-cells.js';
import { beginRow, endRow } from './frame-rows.js';
import type { Machine } from './machine.js';
import { memoryRows } from './memory-rows.js';
import { drainStack, undoWrites, warmRows } from './storage-rows.js';
import type { Between } from './transaction-rows.js';

/** Steps between two words on how far a run is. */
const STEPS_BETWEEN_REPORTS = 1 << 14;

/**
 * Executes a transaction to an account with code once more, making its rows: begin, frame, warm keys, steps, undo, memory, what is left on
 * the stack, end. Every step is compared with the replay's.
 * @param onGas told now and then how much gas the frame has used
 * @returns the state after the transaction
 * @throws TraceError `TRACE_NOT_VALID`, `TRACE_OVERFLOW` (frame-rows.ts)
 * @throws TraceError `TRACE_STATE_DIFFERS`: the rows' machine and the replay's VM disagree, or the replay knows no such code
 */
export function runInto(
  tx: ParsedTx,
  run: CodeRun,
  between: Between,
  header: Header,
  cells: BatchCells,
  sink: RowSink,
  onGas: (gas: bigint) => void,
): Between {
  const { accounts, slots } = cells;
  const T = between.tx;
  const code = cells.codes.get(run.codeHash);
  if (code === undefined) throw differs(T, 'the code that runs', run.codeHash, 'not among the codes of the replay');
  const { begin, frame, machine, warmFrom, saved } = beginRow(tx, between, header, { ...cells, sink }, code);
  const origin = `transaction ${T}`;
  sink.push(named('txbegin', begin, `${origin}, begin`));
  sink.push(named('frame', frame, `${origin}, frame`));
  const keys = tx.keys.map(({ address, key }) => ({ address: BigInt(address), key: BigInt(key) }));
  for (const row of warmRows(keys, warmFrom, T, slots)) sink.push(row);
  runFrame(machine, run, onGas);
  if (machine.end!.ok === 0n) undoWrites(machine, saved.jrn);
  for (const row of memoryRows(machine.memory, saved.call, origin)) sink.push(row);
  for (const row of drainStack(machine)) sink.push(row);
  const ended = endRow(machine.end!, saved, header, accounts);
  sink.push(named('txend', ended.row, `${origin}, end`));
  return ended.next;
}

function named(chip: string, row: object, origin: string): TraceRow {
  return { chip, row: row as TraceRow['row'], origin };
}

/** Runs the machine until its frame ends, step by step beside the VM's. */
function runFrame(machine: Machine, run: CodeRun, onGas: (gas: bigint) => void): void {
  const { code, tx } = machine.frame;
  const { gas: gasAtBegin } = machine.exec;
  for (let i = 0; machine.end === undefined; i++) {
    if (i % STEPS_BETWEEN_REPORTS === 0) onGas(gasAtBegin - machine.exec.gas);
    const at = machine.exec.pc;
    const op = at < BigInt(code.length) ? code[Number(at)]! : 0;
    const step = run.steps.at(i);
    // The end of a code without STOP is no step of the VM's.
    if (step !== undefined || at < BigInt(code.length)) compareStep(machine, op, step);
    if (!haltStep(machine, op)) STEPS[op]!(machine, op);
  }
  const { ok, gas, work } = machine.end;
  if ((ok === 1n) !== (run.end === 'ok')) throw differs(tx, 'the end of the frame', run.end, ok === 1n ? 'ok' : 'no');
  if (gas !== run.gasLeft) throw differs(tx, 'the gas left', run.gasLeft, gas);
  if (work !== run.workAfter) throw differs(tx, 'the work left', run.workAfter, work);
}

function compareStep({ exec, stack, frame }: Machine, op: number, step: EvmStep | undefined): void {
  const { pc, gas, work, sp, mem, refund } = exec;
  const top = stack.at(-1)?.value ?? 0n;
  const mine = { pc: Number(pc), op, gas, work, sp: Number(sp), top, mem: Number(mem), refund };
  for (const field of STEP_FIELDS) {
    if (step?.[field] === mine[field]) continue;
    const name = OPCODES[op]?.name ?? `opcode 0x${op.toString(16)}`;
    throw differs(frame.tx, `${field} before ${name} at pc ${pc}`, step?.[field], mine[field]);
  }
}

const STEP_FIELDS = ['pc', 'op', 'gas', 'work', 'sp', 'top', 'mem', 'refund'] as const satisfies (keyof EvmStep)[];

function differs(tx: bigint, what: string, replay: unknown, rows: unknown): TraceError {
  return new TraceError(
    'TRACE_STATE_DIFFERS',
    `Transaction ${tx}: the replay says ${what} is ${replay}, its rows say ${rows}.`,
    {
      hint: 'Either the replay is not that of this batch, or this program has a fault: keep the batch and report it.',
    },
  );
}
