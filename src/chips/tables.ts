import { mod } from '../bus/field.js';
import { type Term, term } from '../bus/tuple.js';
import { ChipError } from '../errors/chip.js';
import { type Chip, defineChip, type RowOf } from './chip.js';

/** Columns of a table of N integers: the multiplicity of each. */
type TableColumns<N extends number> = { readonly m: N };

/** The table of the integers 0..size-1 under RANGE12. The project uses {@link tables}; tests also a small one. */
export function rangeTableChip<const N extends number>(name: string, size: N): Chip<TableColumns<N>> {
  return defineChip<TableColumns<N>>({
    name,
    file: 'tables',
    template: `Tables(${size})`,
    outputs: 1,
    columns: { m: size },
    padding: { m: Array<bigint>(size).fill(0n) } as unknown as RowOf<TableColumns<N>>,
    terms: ({ m }) =>
      (m as readonly bigint[]).flatMap((weight, x) =>
        weight === 0n ? [] : [term(weight, 'RANGE12', { x: BigInt(x) })],
      ),
  });
}

/** Supplies RANGE12 for x = 0..4095: one row is the whole table (`circuits/chips/tables.circom`). */
export const tables = rangeTableChip('tables', 4096);

/**
 * The row of {@link tables} that balances every RANGE12 among `terms` (m = minus their weights). Other kinds are ignored.
 * Throws {@link ChipError} `CHIP_LOOKUP_OUT_OF_RANGE` when a term of non-zero weight looks up x >= 4096.
 */
export function rangeTable(terms: Iterable<Term>): RowOf<typeof tables.columns> {
  const m = Array<bigint>(tables.columns.m).fill(0n);
  for (const { weight, tuple } of terms) {
    if (tuple.name !== 'RANGE12' || mod(weight) === 0n) continue;
    const x = tuple.values[0]!;
    if (x >= BigInt(m.length)) {
      throw new ChipError(
        'CHIP_LOOKUP_OUT_OF_RANGE',
        `RANGE12 is looked up for ${x}, which is not below ${m.length}.`,
        {
          hint: 'Some row holds a limb that is out of range.',
        },
      );
    }
    m[Number(x)] = mod(m[Number(x)]! - weight);
  }
  return { m };
}
