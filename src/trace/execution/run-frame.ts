import type { TupleFields } from '../../bus/tuple.js';
import { TraceError } from '../../errors/trace.js';
import { OPCODES } from '../../evm/opcodes.js';
import type { CodeRun } from '../../evm/run.js';
import type { EvmStep } from '../../evm/step-log.js';
import { addressMaskStep } from '../steps/addressmask.js';
import { haltStep } from '../steps/halt.js';
import { STEPS } from '../steps/index.js';
import type { Hooks } from './hooks.js';
import type { FrameMachine } from './machine.js';

/** What is seen of a frame while it runs. */
export interface Watch {
  /** The frame as the replay's VM ran it: every step is compared with it, and the end. */
  readonly run: CodeRun;
  /** Told now and then how much gas the frame has used. */
  onGas(gas: bigint): void;
}

/** Steps between two words on how far a frame is. */
const STEPS_BETWEEN_REPORTS = 1 << 14;

/**
 * Runs the machine until its frame ends: the loop that turns steps into rows.
 * @returns the end of the frame
 * @throws TraceError `TRACE_STATE_DIFFERS`: the machine and the replay's VM disagree
 */
export function runFrame(machine: FrameMachine, hooks: Pick<Hooks, 'step'> = {}, watch?: Watch): TupleFields<'END'> {
  const { code } = machine.frame;
  const { gas: gasAtBegin } = machine.exec;
  let nextReport = 0;
  for (let i = 0; machine.end === undefined; i++) {
    if (i >= nextReport) {
      watch?.onGas(gasAtBegin - machine.exec.gas);
      nextReport = i + STEPS_BETWEEN_REPORTS;
    }
    const at = machine.exec.pc;
    const op = at < BigInt(code.length) ? code[Number(at)]! : 0;
    const step = watch?.run.steps.at(i);
    // The end of a code without STOP is no step of the VM's.
    if (watch !== undefined && (step !== undefined || at < BigInt(code.length))) compareStep(machine, op, step);
    if (hooks.step?.(machine, op)) continue;
    const several = addressMaskStep(machine);
    if (several > 0) i += several - 1;
    else if (!haltStep(machine, op)) STEPS[op]!(machine, op);
  }
  if (watch !== undefined) compareEnd(machine, watch.run);
  return machine.end;
}

function compareEnd({ end, frame }: FrameMachine, run: CodeRun): void {
  const { ok, gas, work } = end!;
  const status = ok === 1n ? 'ok' : 'no';
  if ((ok === 1n) !== (run.end === 'ok')) throw frameDiffers(frame.tx, 'the end of the frame', run.end, status);
  if (gas !== run.gasLeft) throw frameDiffers(frame.tx, 'the gas left', run.gasLeft, gas);
  if (work !== run.workAfter) throw frameDiffers(frame.tx, 'the work left', run.workAfter, work);
}

function compareStep({ exec, stack, frame }: FrameMachine, op: number, step: EvmStep | undefined): void {
  const { pc, gas, work, sp, mem, refund } = exec;
  const top = stack.at(-1)?.value ?? 0n;
  const mine = { pc: Number(pc), op, gas, work, sp: Number(sp), top, mem: Number(mem), refund };
  for (const field of STEP_FIELDS) {
    if (step?.[field] === mine[field]) continue;
    const name = OPCODES[op]?.name ?? `opcode 0x${op.toString(16)}`;
    throw frameDiffers(frame.tx, `${field} before ${name} at pc ${pc}`, step?.[field], mine[field]);
  }
}

const STEP_FIELDS = ['pc', 'op', 'gas', 'work', 'sp', 'top', 'mem', 'refund'] as const satisfies (keyof EvmStep)[];

/** The error of a transaction whose rows say something else than its replay. */
export function frameDiffers(tx: bigint, what: string, replay: unknown, rows: unknown): TraceError {
  return new TraceError(
    'TRACE_STATE_DIFFERS',
    `Transaction ${tx}: the replay says ${what} is ${replay}, its rows say ${rows}.`,
    {
      hint: 'Either the replay is not that of this batch, or this program has a fault: keep the batch and report it.',
    },
  );
}
