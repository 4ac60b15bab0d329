import { imbalances } from '../../../src/bus/balance.js';
import type { TupleName } from '../../../src/bus/layout.js';
import { type Term, type Tuple, term } from '../../../src/bus/tuple.js';
import type { Columns, RowOf } from '../../../src/chips/chip.js';
import { ENV_FIELDS } from '../../../src/chips/frame.js';
import { CHIPS } from '../../../src/chips/index.js';
import type { Exec } from '../../../src/chips/lib/step.js';
import { OPCODES } from '../../../src/evm/opcodes.js';
import { WORK } from '../../../src/evm/work.js';
import { BLOCK_FIELDS, blockValue } from '../../../src/statement/execution-terms.js';
import { envValue } from '../../../src/trace/execution/environment.js';
import type { Frame, FrameMachine, WordCell } from '../../../src/trace/execution/machine.js';
import { STEPS } from '../../../src/trace/steps/index.js';
import { type MachineSample, machineOf } from './machine.js';
import type { Random } from './random.js';
import { halves, isInTable } from './true-tables.js';

/** One opcode that a machine executed, and the machine around it. */
export interface OneStep {
  readonly op: number;
  readonly chip: string;
  readonly row: RowOf<Columns>;
  readonly before: Exec;
  /** The stack before it, topmost last. */
  readonly stack: readonly WordCell[];
  readonly machine: FrameMachine;
  /** Another frame of the batch: what its tables hold is true, of it. */
  readonly other: { readonly call: bigint; readonly frame: Frame };
}

/** Executes `op`. */
export function oneStep(random: Random, op: number, sample: MachineSample): OneStep {
  const machine = machineOf(random, sample);
  const [before, stack] = [machine.exec, [...machine.stack]];
  STEPS[op]!(machine, op);
  if (machine.rows.length !== 1) throw new Error(`opcode 0x${op.toString(16)} made ${machine.rows.length} rows`);
  const { chip, row } = machine.rows[0]!;
  const other = { ...machineOf(random, { stack: [] }).frame, tx: machine.frame.tx + 1n };
  return { op, chip, row, before, stack, machine, other: { call: before.call + 1n, frame: other } };
}

/** The tuples of the step's row, or of another one in its place. */
export function termsOfStep({ chip, row }: OneStep, forged: RowOf<Columns> = row): Term[] {
  return CHIPS[chip]!.terms(forged);
}

/**
 * What does not balance when the machine pops the opcode's items and pushes `pushed` in their place, and the tables hold what is true.
 * The expectation uses OPCODES, not the chip.
 */
export function unbalanced(step: OneStep, pushed: bigint): string[] {
  const { before, stack, op } = step;
  const { pops, gas, chip, pushes } = OPCODES[op]!;
  const sp = before.sp - BigInt(pops - pushes);
  const work = before.work - BigInt(WORK[chip as keyof typeof WORK]);
  const after = { ...before, ts: before.ts + 1n, pc: before.pc + 1n, sp, gas: before.gas - BigInt(gas), work };
  const popped = stack.slice(stack.length - pops).map((item, i) => cell(step, before.sp - BigInt(pops - i), item));
  const result = cell(step, sp - 1n, { ts: before.ts, value: pushed });
  const world = [
    term(1n, 'EXEC', before),
    term(-1n, 'EXEC', after),
    ...popped.map((tuple) => ({ weight: 1n, tuple })),
    { weight: -1n, tuple: result },
  ];
  return net(step, [...world, ...termsOfStep(step)]).map(({ tuple }) => tuple.name);
}

/**
 * What stays open with a row in the step's place, in a world that goes on from whatever the row sends (so that this is no barrier), and
 * where code, stack and tables are the true ones: kinds of tuples, sorted. `truth` is the step that should be there, if the row
 * was made for another one.
 */
export function openKinds(step: OneStep, forged: RowOf<Columns>, truth: OneStep = step): string[] {
  const { before, stack, op } = truth;
  const items = stack.map((item, i) => cell(truth, before.sp - BigInt(stack.length - i), item));
  const terms = termsOfStep(step, forged);
  const world = [term(1n, 'EXEC', before), ...items.map((tuple) => ({ weight: 1n, tuple }))];
  const kept = stack.length - OPCODES[op]!.pops;
  const left = net(truth, [...world, ...terms]).filter(({ tuple, surplus }) => {
    const isSent = surplus === 1n && terms.some((one) => one.weight === 1n && sameTuple(one.tuple, tuple));
    const mayStay = surplus === 1n && items.slice(0, kept).some((item) => sameTuple(item, tuple));
    return !mayStay && !(isSent && ['EXEC', 'STACK'].includes(tuple.name));
  });
  return [...new Set(left.map(({ tuple }) => tuple.name))].sort();
}

function cell({ before }: OneStep, idx: bigint, { ts, value }: WordCell): Tuple {
  return term(1n, 'STACK', { ts, call: before.call, idx, ...halves(value) }).tuple;
}

/** What stays open beside true lookups. */
function net(step: OneStep, terms: readonly Term[]) {
  return imbalances([{ origin: '', terms }]).filter(({ tuple, surplus }) => surplus > 0n || !isTrue(step, tuple));
}

/** Whether a table of the step's batch has this tuple. */
function isTrue({ op, before, machine, other }: OneStep, { name, values }: Tuple): boolean {
  const frames = [{ call: before.call, frame: machine.frame }, other];
  const isOne = (terms: Term[]) => terms.some(({ tuple }) => sameTuple(tuple, { name, values }));
  const tables: Partial<Record<TupleName, () => boolean>> = {
    CODE: () => isOne([term(1n, 'CODE', { op: BigInt(op), code: before.code, pc: before.pc })]),
    FRAME: () =>
      isOne(
        frames.map(({ call, frame }) =>
          term(1n, 'FRAME', { birth: 0n, call, addr: BigInt(frame.address), tx: frame.tx }),
        ),
      ),
    ENV: () =>
      isOne(
        frames.flatMap(({ call, frame }) =>
          ENV_FIELDS.map((field) => term(1n, 'ENV', { op: BigInt(field), call, ...halves(envValue(frame, field)) })),
        ),
      ),
    BLOCK: () =>
      isOne(
        BLOCK_FIELDS.map((field) =>
          term(1n, 'BLOCK', { field: BigInt(field), ...halves(blockValue(machine.frame.header, field)) }),
        ),
      ),
    TXDATA: () => isOne(frames.flatMap(({ frame }) => txData(frame))),
  };
  return tables[name]?.() ?? isInTable({ name, values });
}

function sameTuple(a: Tuple, b: Tuple): boolean {
  return a.name === b.name && a.values.every((value, i) => value === b.values[i]);
}

function txData({ tx, data }: Frame): Term[] {
  const count = Math.ceil(data.length / 32);
  const padded = Buffer.concat([data, Buffer.alloc(32)]);
  return Array.from({ length: count }, (_, word) => {
    const value = BigInt(`0x${padded.subarray(32 * word, 32 * word + 32).toString('hex')}`);
    return term(1n, 'TXDATA', { word: BigInt(word), ...halves(value), tx });
  });
}
