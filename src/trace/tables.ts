import type { TupleName } from '../bus/layout.js';
import type { Term } from '../bus/tuple.js';
import { bits } from '../chips/bits.js';
import type { Chip, TraceRow } from '../chips/chip.js';
import { CHIPS } from '../chips/index.js';
import { rangeTable } from '../chips/tables.js';
import { Lookups } from './lookups.js';

/** Chips whose rows supply a table, and the columns that say how often each entry is looked up. */
const SUPPLIERS: Readonly<Record<string, readonly string[]>> = {
  bits: ['byte', 'and4', 'pow2', 'opcode', 'opinfo'],
  frame: ['m'],
};

/** What a row of `bits` supplies. */
const BITS: readonly TupleName[] = ['BYTE', 'AND4', 'POW2', 'OPCODE', 'OPINFO'];

/** Larger than any honest multiplicity: such a number in its place is the number of a place. */
const PLACE = 1n << 128n;

/**
 * All rows of a trace from those whose multiplicities are still 0: the rows of the fixed tables are added, and every row that
 * supplies a table says how often its entries are looked up. An entry that two rows supply is counted at the first.
 */
export function withTables(rows: readonly TraceRow[]): TraceRow[] {
  const terms = rows.flatMap(termsOf);
  const lookups = new Lookups();
  lookups.add(terms);
  const all = [...rows];
  if (lookups.of(...BITS).length > 0)
    all.push({ chip: bits.name, row: bits.padding as unknown as TraceRow['row'], origin: 'bit table' });
  const range: TraceRow = { chip: 'tables', row: rangeTable(terms), origin: 'range table' };
  return [...all.map((row) => filled(row, lookups)), range];
}

function termsOf({ chip, row }: TraceRow): Term[] {
  return CHIPS[chip]!.terms(row);
}

/** The row with its multiplicities set, when it is one of a {@link SUPPLIERS} chip. */
function filled(traceRow: TraceRow, lookups: Lookups): TraceRow {
  const columns = SUPPLIERS[traceRow.chip];
  if (columns === undefined) return traceRow;
  const chip: Chip = CHIPS[traceRow.chip]!;
  let places = 0;
  // Which entry belongs to which cell? The weights tell, when every cell holds the number of its place.
  const numbered = withCells(traceRow, columns, () => PLACE + BigInt(places++));
  const counts = Array<bigint>(places).fill(0n);
  for (const { weight, tuple } of chip.terms(numbered.row)) {
    const place = weight - PLACE;
    if (place >= 0n && place < BigInt(places)) counts[Number(place)] = lookups.take(tuple);
  }
  let at = 0;
  return withCells(traceRow, columns, () => counts[at++]!);
}

/** The row with every cell of these columns set anew, in order. */
function withCells(traceRow: TraceRow, columns: readonly string[], next: () => bigint): TraceRow {
  const set = columns.map((column) => {
    const old = traceRow.row[column] as bigint | readonly bigint[];
    return [column, typeof old === 'bigint' ? next() : old.map(next)] as const;
  });
  return { ...traceRow, row: { ...traceRow.row, ...Object.fromEntries(set) } as TraceRow['row'] };
}
