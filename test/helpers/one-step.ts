import { OPCODES } from '../../src/batch/opcodes.js';
import { WORK } from '../../src/batch/work.js';
import { imbalances } from '../../src/bus/balance.js';
import { toLimbs } from '../../src/bus/field.js';
import { LAYOUT, type TupleName } from '../../src/bus/layout.js';
import { type Term, type Tuple, term } from '../../src/bus/tuple.js';
import type { Columns, RowOf } from '../../src/chips/chip.js';
import { CHIPS } from '../../src/chips/index.js';
import type { Exec } from '../../src/chips/lib/step.js';
import { ENV_FIELDS, envValue } from '../../src/trace/environment.js';
import type { Frame, Machine, WordCell } from '../../src/trace/machine.js';
import { STEPS } from '../../src/trace/steps/index.js';
import type { Random } from './chips/random.js';
import { type MachineSample, machineOf } from './machine.js';

/** One opcode that a machine executed, and the machine around it. */
export interface OneStep {
  readonly op: number;
  readonly chip: string;
  readonly row: RowOf<Columns>;
  readonly before: Exec;
  /** The stack before it, topmost last. */
  readonly stack: readonly WordCell[];
  readonly machine: Machine;
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
 * What a row in the step's place takes and the world does not give: it is not before, not on the stack, or not in a table. The later
 * rows of a forger's batch take whatever this row sends, so that is no barrier. Sorted names, each once.
 */
export function notGiven(step: OneStep, forged: RowOf<Columns>): string[] {
  const { before, stack } = step;
  const items = stack.map((item, i) => cell(step, before.sp - BigInt(stack.length - i), item));
  const world = [term(1n, 'EXEC', before), ...items.map((tuple) => ({ weight: 1n, tuple }))];
  const left = net(step, [...world, ...termsOfStep(step, forged)]);
  const missing = left.filter(({ tuple, surplus }) => surplus < 0n || LAYOUT[tuple.name].class === 'table');
  return [...new Set(missing.map(({ tuple }) => tuple.name))].sort();
}

/** The words that a row sends to the stack, as (hi, lo). */
export function sentWords(step: OneStep, forged: RowOf<Columns>): (readonly [bigint, bigint])[] {
  return termsOfStep(step, forged)
    .filter(({ weight, tuple }) => tuple.name === 'STACK' && weight === 1n)
    .map(({ tuple: { values } }) => [values[3]!, values[4]!] as const);
}

function cell({ before }: OneStep, idx: bigint, { ts, value }: WordCell): Tuple {
  const [hi, lo] = toLimbs(value);
  return term(1n, 'STACK', { ts, call: before.call, idx, hi, lo }).tuple;
}

/** What stays open beside true lookups. */
function net(step: OneStep, terms: readonly Term[]) {
  return imbalances([{ origin: '', terms }]).filter(({ tuple, surplus }) => surplus > 0n || !isTrue(step, tuple));
}

/** Whether a table of the step's batch has this tuple. */
function isTrue({ op, before, machine, other }: OneStep, { name, values }: Tuple): boolean {
  const frames = [{ call: before.call, frame: machine.frame }, other];
  const isOne = (tuples: Term[]) => tuples.some(({ tuple }) => tuple.values.every((value, i) => value === values[i]));
  const [x, y, z] = values as [bigint, bigint, bigint];
  const tables: Partial<Record<TupleName, () => boolean>> = {
    RANGE12: () => x < 4096n,
    BYTE: () => x < 256n,
    AND4: () => x < 16n && y < 16n && z === (x & y),
    POW2: () => x < 128n && y === 1n << x,
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
    TXDATA: () => isOne(frames.flatMap(({ frame }) => txData(frame))),
  };
  return tables[name]?.() ?? false;
}

function txData({ tx, data }: Frame): Term[] {
  const count = Math.ceil(data.length / 32);
  const padded = Buffer.concat([data, Buffer.alloc(32)]);
  return Array.from({ length: count }, (_, word) => {
    const value = BigInt(`0x${padded.subarray(32 * word, 32 * word + 32).toString('hex')}`);
    return term(1n, 'TXDATA', { word: BigInt(word), ...halves(value), tx });
  });
}

function halves(value: bigint): { hi: bigint; lo: bigint } {
  const [hi, lo] = toLimbs(value);
  return { hi, lo };
}
