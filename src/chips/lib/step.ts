import { type Term, type TupleFields, term } from '../../bus/tuple.js';
import { OP, type OpcodeName, opcodeOf } from '../../evm/opcodes.js';
import { rangeTerms, valueOfLimbs } from './range.js';

/** Fields of EXEC in the order of the `exec` column; `circuits/lib/step.circom` is what this file mirrors. */
const FIELDS = ['ts', 'call', 'code', 'pc', 'sp', 'gas', 'work', 'mem', 'jrn', 'refund'] as const;

/** The machine between two steps: what an EXEC tuple carries. */
export type Exec = TupleFields<'EXEC'>;

/** Columns that every row of an executed opcode has: whether it is used, and the machine before it. */
export const STEP_COLUMNS = { en: 1, exec: FIELDS.length } as const;

/** The values of {@link STEP_COLUMNS}. */
export interface StepCells {
  readonly en: bigint;
  readonly exec: readonly bigint[];
}

/** The columns of a row that is used. */
export function stepCells(exec: Exec): StepCells {
  return { en: 1n, exec: FIELDS.map((field) => exec[field]) };
}

/** The machine before a row. */
export function execOf({ exec }: StepCells): Exec {
  return Object.fromEntries(FIELDS.map((field, i) => [field, exec[i]!])) as unknown as Exec;
}

/** What a step does to the machine; `to` replaces fields of the EXEC tuple sent. */
export interface StepEffect {
  /** The opcode, as CODE has it. */
  readonly op: bigint;
  readonly dts?: bigint;
  readonly dpc?: bigint;
  readonly dsp: bigint;
  /** Gas, its constant part. */
  readonly cost: bigint;
  /** Work of the row. */
  readonly work: number;
  /** Added to the fields of the tuple sent, beside the constants above. */
  readonly more?: Partial<Exec>;
}

/** What an opcode does by its line in the table; what depends on its operands the chip adds. */
export function effectOf(name: OpcodeName): StepEffect {
  const { gas, pops, pushes, work } = opcodeOf(name);
  return { op: BigInt(OP[name]), dsp: BigInt(pushes - pops), cost: BigInt(gas), work };
}

/** The machine after a step. */
export function execAfter(exec: Exec, { dts = 1n, dpc = 1n, dsp, cost, work, more = {} }: StepEffect): Exec {
  const { ts, pc, sp, gas } = exec;
  const next = { ...exec, ts: ts + dts, pc: pc + dpc, sp: sp + dsp, gas: gas - cost, work: exec.work - BigInt(work) };
  const added = Object.entries(more).map(([field, by]) => [field, next[field as keyof Exec] + by]);
  return { ...next, ...Object.fromEntries(added) };
}

/** The three terms of `Step()`: EXEC received, EXEC sent, CODE. */
export function stepTerms(row: StepCells, effect: StepEffect): Term[] {
  const { en } = row;
  const exec = execOf(row);
  return [
    term(-en, 'EXEC', exec),
    term(en, 'EXEC', execAfter(exec, effect)),
    term(-en, 'CODE', { op: effect.op, code: exec.code, pc: exec.pc }),
  ];
}

/** The four terms of `StepOrHalt()`: as {@link stepTerms}, EXEC only when oog = 0, and END when oog = 1. */
export function stepOrHaltTerms(row: StepCells & { readonly oog: bigint }, effect: StepEffect): Term[] {
  const { en, oog } = row;
  const exec = execOf(row);
  const [received, , code] = stepTerms(row, effect) as [Term, Term, Term];
  return [received, term(en - oog, 'EXEC', execAfter(exec, effect)), code, term(oog, 'END', haltEnd(exec, effect.dts))];
}

/** The term of `Received()`: EXEC received, by a row that ends its frame. */
export function receivedTerm(row: StepCells): Term {
  return term(-row.en, 'EXEC', execOf(row));
}

/** What a frame that halts without gas leaves behind. */
export function haltEnd({ ts, call, work, jrn }: Exec, dts = 1n): TupleFields<'END'> {
  return { ts: ts + dts, call, ok: 0n, gas: 0n, work, jrn, refund: 0n };
}

/** Cells of one pop: hi, lo, three limbs of ts - tOld - 1. */
export const POP = 5;

/** Pop cells that satisfy every constraint and say nothing. */
export const NO_POP: readonly bigint[] = Array<bigint>(POP).fill(0n);

/** The four terms of `Pop(k)`: STACK received at index sp - k, three RANGE12. */
export function popTerms(row: StepCells, k: bigint, cells: readonly bigint[]): Term[] {
  const { en } = row;
  const { ts, call, sp } = execOf(row);
  const [hi, lo, ...gap] = cells as [bigint, bigint, ...bigint[]];
  return [term(-en, 'STACK', { ts: ts - 1n - valueOfLimbs(gap), call, idx: sp - k, hi, lo }), ...rangeTerms(en, gap)];
}

/** The term of `Push(k)`: STACK sent at index sp - k. */
export function pushTerm(row: StepCells, k: bigint, [hi, lo]: readonly [bigint, bigint]): Term {
  const { ts, call, sp } = execOf(row);
  return term(row.en, 'STACK', { ts, call, idx: sp - k, hi, lo });
}

/** The term of `Room()`: the stack has a place left. */
export function roomTerm(row: StepCells): Term {
  return term(-row.en, 'RANGE12', { x: 1023n - execOf(row).sp });
}

/** The five terms of `Nullary()`: a step that pushes a word. */
export function nullaryTerms(row: StepCells, effect: StepEffect, word: readonly [hi: bigint, lo: bigint]): Term[] {
  return [...stepTerms(row, effect), roomTerm(row), pushTerm(row, 0n, word)];
}

/** The eight terms of `Unary()`: a step that takes an item and pushes a word. */
export function unaryTerms(
  row: StepCells & { readonly a: readonly bigint[] },
  effect: StepEffect,
  word: readonly [hi: bigint, lo: bigint],
): Term[] {
  return [...stepTerms(row, effect), ...popTerms(row, 1n, row.a), pushTerm(row, 1n, word)];
}

/** The twelve terms of `Binary()`: a step that takes two items, the first on top, and pushes a word. */
export function binaryTerms(
  row: StepCells,
  effect: StepEffect,
  [a, b]: readonly [a: readonly bigint[], b: readonly bigint[]],
  word: readonly [hi: bigint, lo: bigint],
): Term[] {
  return [...stepTerms(row, effect), ...popTerms(row, 1n, a), ...popTerms(row, 2n, b), pushTerm(row, 2n, word)];
}
