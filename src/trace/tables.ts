import { pushBytes } from '../batch/opcode-tables.js';
import type { TupleName } from '../bus/layout.js';
import { type Term, type Tuple, term } from '../bus/tuple.js';
import { bits } from '../chips/bits.js';
import type { Chip, TraceRow } from '../chips/chip.js';
import { CHIPS } from '../chips/index.js';
import { PUSHDATA } from '../chips/pushdata.js';
import { rangeTable, tables } from '../chips/tables.js';
import { codeRows, pushDataRow } from './code-rows.js';
import { expansionRows } from './expansion-table.js';
import { Lookups } from './lookups.js';

/** Chips whose rows supply a table, and the columns that say how often each entry is looked up. */
const SUPPLIERS: Readonly<Record<string, readonly string[]>> = {
  tables: ['m'],
  bits: ['byte', 'and4', 'pow2', 'opcode', 'opinfo'],
  frame: ['m'],
  expansion: ['m'],
  code: ['mCode', 'mDest'],
  ...Object.fromEntries(PUSHDATA.map(({ name }) => [name, ['m']])),
};

/** What a row of `bits` supplies. */
const BITS: readonly TupleName[] = ['BYTE', 'AND4', 'POW2', 'OPCODE', 'OPINFO'];

/** Integers in the range table. */
const RANGE = tables.columns.m;

/** Larger than any honest multiplicity: such a number in its place is the number of a place. */
const PLACE = 1n << 128n;

/**
 * A trace with every table that circuits supply, from its other rows: the rows of the codes that run (`codes`: by L1's number), of the
 * pushes and expansions that are looked up, of the fixed tables; and in each of them, and in `frame`, how often its entries are looked up.
 * What no row supplies is left to the check of the bus.
 */
export function withTables(
  rows: readonly TraceRow[],
  codes: ReadonlyMap<bigint, Uint8Array> = new Map<bigint, Uint8Array>(),
): TraceRow[] {
  const trace = new Trace();
  trace.add(rows);
  trace.add([...codes].flatMap(([id, code]) => codeRows(id, code)));
  trace.add(pushRows(trace.lookups.of('PUSH'), codes));
  trace.add(expansionRows(trace.expansions));
  if (trace.lookups.of(...BITS).length > 0) trace.add([tableRow(bits)]);
  trace.add([tableRow(tables)]);
  return trace.counted();
}

/** A finished trace, some rows of which have changed, with its look-ups counted anew. */
export function recounted(rows: readonly TraceRow[]): TraceRow[] {
  const trace = new Trace();
  trace.add(rows);
  return trace.counted();
}

/** Rows, their multiplicities set to 0 until all are there, and what they look up. All their terms together would take more memory than they. */
class Trace {
  readonly rows: TraceRow[] = [];
  readonly expansions: Term[] = [];
  readonly lookups = new Lookups();
  readonly #range = Array<bigint>(RANGE).fill(0n);

  add(rows: readonly TraceRow[]): void {
    for (const given of rows) {
      const columns = SUPPLIERS[given.chip];
      const row = columns === undefined ? given : withCells(given, columns, () => 0n);
      this.rows.push(row);
      const terms = CHIPS[row.chip]!.terms(row.row);
      this.lookups.add(terms);
      for (const one of terms) this.#count(one);
    }
  }

  #count(one: Term): void {
    const { name, values } = one.tuple;
    if (name === 'EXPANSION') this.expansions.push(one);
    if (name === 'RANGE12' && values[0]! < RANGE) this.#range[Number(values[0])]! += one.weight;
  }

  counted(): TraceRow[] {
    const looked = this.#range.map((weight, x) => term(weight, 'RANGE12', { x: BigInt(x) }));
    const range = rangeTable(looked) as unknown as TraceRow['row'];
    return this.rows.map((row) => (row.chip === tables.name ? { ...row, row: range } : filled(row, this.lookups)));
  }
}

/** One row for every place whose push is looked up; none for what is not in the codes. */
function pushRows(pushes: readonly Tuple[], codes: ReadonlyMap<bigint, Uint8Array>): TraceRow[] {
  const places = new Map(pushes.map(({ values: [id, pc] }) => [`${id} ${pc}`, [id!, pc!] as const]));
  return [...places.values()].flatMap(([id, pc]) => {
    const code = codes.get(id);
    return code === undefined || pushBytes(code[Number(pc)] ?? 0) === 0 ? [] : [pushDataRow(id, code, Number(pc))];
  });
}

function tableRow({ name, padding }: { readonly name: string; readonly padding: object }): TraceRow {
  return { chip: name, row: padding as TraceRow['row'], origin: `table ${name}` };
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
