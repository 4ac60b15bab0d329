import { mod } from '../../../src/bus/field.js';
import type { TraceRow } from '../../../src/chips/chip.js';
import type { FrameMachine } from '../../../src/trace/execution/machine.js';
import { STEPS } from '../../../src/trace/steps/index.js';
import type { Lie } from '../../helpers/batch-forger.js';
import { CONTRACT, type CodeBatch } from '../../helpers/code-batch.js';
import { type Edit, edited } from '../../helpers/execution-forger.js';
import type { Forgery } from '../../helpers/forgery.js';

/**
 * A false batch, caught by `constraint of` a template, or by the kinds of tuples that stay open. Everything else about the batch is consistent,
 * up to the diff or root that is claimed.
 */
export type Attack = Forgery<() => Promise<CodeBatch>, () => Lie>;

export const OWNER = BigInt(CONTRACT);

/** Before an opcode is executed for the n-th time in the batch, from 0, something happens; then its honest row follows. */
export function before(op: number, n: number, act: (machine: FrameMachine) => void): Lie {
  return instead(op, n, (machine) => {
    act(machine);
    STEPS[op]!(machine, op);
  });
}

/** In place of an opcode's honest row, when it is executed for the n-th time in the batch. */
export function instead(op: number, n: number, act: (machine: FrameMachine) => void): Lie {
  let seen = 0;
  return {
    step: (machine, current) => {
      if (current !== op || seen++ !== n) return false;
      act(machine);
      return true;
    },
  };
}

/** A transaction begins with another machine. */
export function begins(tx: bigint, change: (machine: FrameMachine) => void): Lie {
  return {
    begun: ({ machine }) => {
      if (machine.frame.tx === tx) change(machine);
    },
  };
}

/** Edits the machine's last row. */
export function amend({ rows }: FrameMachine, edit: Edit): void {
  rows.push(amended(rows.pop()!, edit));
}

/** A row, edited. */
function amended(row: TraceRow, edit: Edit): TraceRow {
  return { ...row, row: edited(row.row, edit) };
}

/** The rows with the n-th one of a chip edited. */
export function amendNth(rows: readonly TraceRow[], chip: string, n: number, edit: Edit): TraceRow[] {
  const row = nth(rows, chip, n);
  return rows.map((one) => (one === row ? amended(row, edit) : one));
}

/** The n-th row of a chip. */
export function nth(rows: readonly TraceRow[], chip: string, n: number): TraceRow {
  const row = rows.filter((one) => one.chip === chip)[n];
  if (row === undefined) throw new Error(`no row ${n} of ${chip}`);
  return row;
}

/** When the n-th row of a chip is executed. */
export function timeOf(rows: readonly TraceRow[], chip: string, n: number): bigint {
  return (nth(rows, chip, n).row.exec as unknown as readonly bigint[])[0]!;
}

/** Three limbs of an age, a negative one whole in the lowest. */
export function age(value: bigint): bigint[] {
  return value < 0n ? [mod(value), 0n, 0n] : [value & 0xfffn, (value >> 12n) & 0xfffn, value >> 24n];
}
