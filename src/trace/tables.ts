import type { TupleName } from '../bus/layout.js';
import { OpenTuples } from '../bus/open.js';
import type { Tuple } from '../bus/tuple.js';
import { bits } from '../chips/bits.js';
import type { Chip, TraceRow } from '../chips/chip.js';
import { CHIPS } from '../chips/index.js';
import { PUSHDATA } from '../chips/pushdata.js';
import { tables } from '../chips/tables.js';
import { pushBytes } from '../evm/opcode-tables.js';
import { codeRows, pushDataRow } from './execution/code-rows.js';
import { expansionRows } from './execution/expansion-table.js';
import type { RowSink } from './sink.js';

/** Chips whose rows supply a table, and the columns that say how often each entry is looked up. */
const SUPPLIERS: Readonly<Record<string, readonly string[]>> = {
  tables: ['m'],
  bits: ['byte', 'and4', 'pow2', 'opinfo', 'memop'],
  frame: ['m'],
  expansion: ['m'],
  code: ['mCode', 'mDest'],
  ...Object.fromEntries(PUSHDATA.map(({ name }) => [name, ['m']])),
};

/** What a row of `bits` supplies. */
const BITS: readonly TupleName[] = ['BYTE', 'AND4', 'POW2', 'OPINFO', 'MEMOP'];

/** Larger than any honest multiplicity: such a number in its place is the number of a place. */
const PLACE = 1n << 128n;

/**
 * Passes the rows of a trace on, counting what they look up, and supplies the tables at the end: rows that say how often their entries are
 * looked up (`frame`) are held back until then.
 */
export class TableSink implements RowSink {
  /** What the rows so far leave open. */
  readonly open = new OpenTuples();
  readonly #sink: RowSink;
  readonly #held: TraceRow[] = [];

  constructor(sink: RowSink) {
    this.#sink = sink;
  }

  push(row: TraceRow): void {
    if (SUPPLIERS[row.chip] !== undefined) {
      this.#held.push(row);
      this.#count(row);
      return;
    }
    this.open.add(CHIPS[row.chip]!.terms(row.row));
    this.#sink.push(row);
  }

  /**
   * Passes on every table that circuits supply: the rows of the codes that run (`codes`: by L1's number), of the pushes and expansions that
   * are looked up, of the fixed tables; and in each of them, and in the rows held, how often its entries are looked up. What no row
   * supplies stays open.
   */
  finish(codes: ReadonlyMap<bigint, Uint8Array> = new Map<bigint, Uint8Array>()): void {
    const few = [...pushRows(this.open.of('PUSH'), codes), ...expansionRows(this.open)];
    for (const row of codeRowsOf(codes)) this.#count(row);
    for (const row of few) this.#count(row);
    const fixed = [...(this.open.of(...BITS).length > 0 ? [tableRow(bits)] : []), tableRow(tables)];
    this.finishHeld();
    for (const row of codeRowsOf(codes)) this.#supply(row);
    for (const row of [...few, ...fixed]) this.#supply(row);
  }

  /** Passes on the rows held alone. */
  finishHeld(): void {
    for (const row of this.#held) this.#supply(row);
    this.#held.length = 0;
  }

  /** What a row looks up itself, whatever it supplies. */
  #count(row: TraceRow): void {
    this.open.add(CHIPS[row.chip]!.terms(emptied(row).row));
  }

  /** The last word on a row that {@link #count} has seen. */
  #supply(row: TraceRow): void {
    const { terms } = CHIPS[row.chip]!;
    const empty = emptied(row);
    const full = filled(empty, this.open);
    this.open.add(terms(full.row));
    this.open.add(terms(empty.row).map(({ weight, tuple }) => ({ weight: -weight, tuple })));
    this.#sink.push(full);
  }
}

/** A trace in memory with its tables ({@link TableSink.finish}). */
export function withTables(rows: Iterable<TraceRow>, codes?: ReadonlyMap<bigint, Uint8Array>): TraceRow[] {
  const all: TraceRow[] = [];
  const sink = new TableSink(all);
  for (const row of rows) sink.push(row);
  sink.finish(codes);
  return all;
}

/** A finished trace, some rows of which have changed, with its look-ups counted anew. */
export function recounted(rows: Iterable<TraceRow>): TraceRow[] {
  const all: TraceRow[] = [];
  const sink = new TableSink(all);
  for (const row of rows) sink.push(row);
  sink.finishHeld();
  return all;
}

/** Made again at each reading: the rows of a large code take more memory than all other tables. */
function* codeRowsOf(codes: ReadonlyMap<bigint, Uint8Array>): Generator<TraceRow> {
  for (const [id, code] of codes) yield* codeRows(id, code);
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

/** A row of a {@link SUPPLIERS} chip that supplies nothing yet. */
function emptied(row: TraceRow): TraceRow {
  return withCells(row, SUPPLIERS[row.chip]!, () => 0n);
}

/** The row of a {@link SUPPLIERS} chip with its multiplicities set. */
function filled(traceRow: TraceRow, open: OpenTuples): TraceRow {
  const columns = SUPPLIERS[traceRow.chip]!;
  const chip: Chip = CHIPS[traceRow.chip]!;
  let places = 0;
  // Which entry belongs to which cell? The weights tell, when every cell holds the number of its place.
  const numbered = withCells(traceRow, columns, () => PLACE + BigInt(places++));
  const counts = Array<bigint>(places).fill(0n);
  for (const { weight, tuple } of chip.terms(numbered.row)) {
    const place = weight - PLACE;
    if (place >= 0n && place < BigInt(places)) counts[Number(place)] = open.due(tuple);
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
