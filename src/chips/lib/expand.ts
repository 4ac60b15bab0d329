import { inverse, mod } from '../../bus/field.js';
import { type Term, term } from '../../bus/tuple.js';
import { PRICES } from '../../evm/gas.js';
import { WORK } from '../../evm/work.js';
import { limbsOf, rangeTerms } from './range.js';
import { type Exec, execOf, type StepCells } from './step.js';

/** Bytes of a word of memory. */
export const WORD = 32n;

/** Gas that a memory of this many words has cost in all. */
export function memoryCost(words: bigint): bigint {
  return BigInt(PRICES.memoryWord) * words + (words * words) / BigInt(PRICES.memoryQuotient);
}

/** Words of memory that an access to `length` bytes from `offset` needs at least; none when there are no bytes. */
function wordsFor(offset: bigint, length: bigint): bigint {
  return length === 0n ? 0n : (offset + length + WORD - 1n) / WORD;
}

/** What `Grow()` reads: whether memory grows (0 or 1), by how many words, for how much gas. */
export interface Growth {
  readonly grow: bigint;
  readonly cost: bigint;
  readonly delta: bigint;
}

/** An expansion with the size after it in words. Nothing when the memory is large enough. */
export interface Expansion extends Growth {
  readonly to: bigint;
}

/** The expansion that an access to `length` bytes from `offset` makes; mirror of `circuits/lib/expand.circom`. */
export function expansionFor(mem: bigint, offset: bigint, length: bigint): Expansion {
  const needed = wordsFor(offset, length);
  const to = needed > mem ? needed : mem;
  return { to, grow: to > mem ? 1n : 0n, delta: to - mem, cost: memoryCost(to) - memoryCost(mem) };
}

/** The two terms of `Grow()`: EXPANSION and MEMNEW; `emit` false: EXPANSION alone. */
export function growTerms(row: StepCells, { grow, cost, delta }: Growth, emit = true): Term[] {
  const { ts, call, mem } = execOf(row);
  const to = mem + delta;
  const priced = term(-grow, 'EXPANSION', { cost, from: mem, to });
  return emit ? [priced, term(grow, 'MEMNEW', { ts: ts - 1n, call, from: mem, to })] : [priced];
}

/** Cells of one expansion by offset and length: some, grow, cost, pad, four limbs of what is to spare. */
export const EXPAND = 8;

/** Cells that satisfy every constraint and say nothing. */
export const NO_EXPAND: readonly bigint[] = Array<bigint>(EXPAND).fill(0n);

/** The cells for an access to `length` bytes from `offset`, both below {@link FAR} unless there are no bytes. */
export function expandCells({ mem }: Exec, offset: bigint, length: bigint): bigint[] {
  if (length === 0n) return [...NO_EXPAND];
  const { grow, cost } = expansionFor(mem, offset, length);
  const words = wordsFor(offset, length);
  return [1n, grow, cost, words * WORD - offset - length, ...limbsOf(grow === 1n ? 0n : mem - words, 4)];
}

/** 1 / 32 in the field: numbers of words are expressions of bytes here as in the circuit. */
export const INV32 = inverse(WORD);

/** What the cells of `Expand()` say, for the low half of the offset and the length. */
export function growthOf(row: StepCells, offLo: bigint, len: bigint, cells: readonly bigint[]): Growth {
  const [, grow, cost, pad] = cells as [bigint, bigint, bigint, bigint];
  return { grow, cost, delta: mod(grow * ((offLo + len + pad) * INV32 - execOf(row).mem)) };
}

/** The eight terms of `Expand()`: EXPANSION, MEMNEW (unless `emit` is false), RANGE12 of pad, 128 pad and what is to spare. */
export function expandTerms(row: StepCells, offLo: bigint, len: bigint, cells: readonly bigint[], emit = true): Term[] {
  const [pad, ...spare] = cells.slice(3) as [bigint, ...bigint[]];
  return [
    ...growTerms(row, growthOf(row, offLo, len, cells), emit),
    ...rangeTerms(row.en, [pad, 128n * pad, ...spare]),
  ];
}

/** Work of an expansion, beside that of the step which makes it; the step goes on. */
export function growthWork({ grow, delta }: Pick<Growth, 'grow' | 'delta'>): bigint {
  return BigInt(WORK.memoryWord) * delta + BigInt(WORK.expansion) * grow;
}

/** What an expansion adds to EXEC beside the step's constants. */
export function grownBy(growth: Growth): Required<Pick<Exec, 'gas' | 'work' | 'mem'>> {
  return { gas: -growth.cost, work: -growthWork(growth), mem: growth.delta };
}
