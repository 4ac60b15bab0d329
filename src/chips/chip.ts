import type { Term } from '../bus/tuple.js';

/** Column names and how many field elements each holds, in the order of the circuit's committed inputs. */
export type Columns = Readonly<Record<string, number>>;

/** One row: a value per column; a column of one element is a bigint, a longer one an array. */
export type RowOf<C extends Columns> = { readonly [K in keyof C]: C[K] extends 1 ? bigint : readonly bigint[] };

/**
 * The mirror of one Circom template. Same name in `circuits/chips/`, `src/chips/` and `test/chips/`.
 * The template takes every column as an input of the same name, plus `alpha` and `p[32]` (powers of beta), and its
 * output array `o[outputs]` adds up to the LogUp sum of `terms(row)`.
 */
export interface Chip<C extends Columns = Columns> {
  readonly name: string;
  /** File in `circuits/chips/`, without the ending. Variants of one chip share a file. */
  readonly file: string;
  /** Instantiation, e.g. `Open(4)`. */
  readonly template: string;
  /** Length of the template's output array `o`. */
  readonly outputs: number;
  readonly columns: C;
  /** A row that satisfies every constraint and contributes nothing: fills the unused places of a shape. */
  readonly padding: RowOf<C>;
  /** The tuples of a row with their weights (zero weights may be left out): the mirror of the circuit. */
  terms(row: RowOf<C>): Term[];
}

/** What a mirror says of its chip: a {@link Chip} but for what goes without saying. */
export interface Mirror<C extends Columns> extends Pick<Chip<C>, 'name' | 'template' | 'columns' | 'terms'> {
  /** Default: the chip's name. */
  readonly file?: string;
  /** Default: one for each term. */
  readonly outputs?: number;
  /** The columns that are not 0 in a row that is not used. */
  readonly padding?: Partial<RowOf<C>>;
}

/** Declares a chip; keeps the columns' literal types. */
export function defineChip<const C extends Columns>(mirror: Mirror<C>): Chip<C> {
  const { name, template, columns, terms, file = name } = mirror;
  const zeros = Object.entries(columns).map(([column, length]) => [column, length === 1 ? 0n : zerosOf(length)]);
  const padding = { ...Object.fromEntries(zeros), ...mirror.padding } as RowOf<C>;
  const { outputs = terms(padding).length } = mirror;
  return { name, file, template, outputs, columns, padding, terms };
}

/** So many zeros: a column of a row that is not used. */
function zerosOf(length: number): readonly bigint[] {
  return Array<bigint>(length).fill(0n);
}

/** A row as the flat list of committed inputs, in column order. */
export function cellsOf<C extends Columns>(chip: Chip<C>, row: RowOf<C>): bigint[] {
  return Object.keys(chip.columns).flatMap((column) => {
    const value = row[column] as bigint | readonly bigint[];
    return typeof value === 'bigint' ? [value] : [...value];
  });
}

/** How many elements {@link cellsOf} has. */
export function cellCount(chip: Chip): number {
  return Object.values(chip.columns).reduce((sum, length) => sum + length, 0);
}

/** `q`, `c[0]`, `c[1]`, ...: the names of {@link cellsOf}'s elements, as Circom writes them. */
export function cellNames(chip: Chip): string[] {
  return Object.entries(chip.columns).flatMap(([column, length]) =>
    length === 1 ? [column] : Array.from({ length }, (_, i) => `${column}[${i}]`),
  );
}

/** The inverse of {@link cellsOf}. */
export function rowOf<C extends Columns>(chip: Chip<C>, cells: readonly bigint[]): RowOf<C> {
  let at = 0;
  const entries = Object.entries(chip.columns).map(([column, length]) => {
    const part = cells.slice(at, at + length);
    at += length;
    return [column, length === 1 ? part[0]! : part];
  });
  return Object.fromEntries(entries) as RowOf<C>;
}

/** A row together with its chip and a word on where it comes from; a trace is a bag of these. */
export interface TraceRow {
  readonly chip: string;
  readonly row: RowOf<Columns>;
  /** E.g. `transaction 3 (transfer)` or `account 0x12.. in the post trie, depth 2`. */
  readonly origin: string;
}
