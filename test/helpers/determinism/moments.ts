import type { Hex } from 'viem';
import { fromHex } from '../../../src/batch/bytes.js';
import type { Replay } from '../../../src/batch/types.js';
import { mod, toLimbs } from '../../../src/bus/field.js';
import { fieldsOf, LAYOUT, type TupleName } from '../../../src/bus/layout.js';
import { describe, type Term, type Tuple } from '../../../src/bus/tuple.js';
import { bits } from '../../../src/chips/bits.js';
import type { Columns, RowOf, TraceRow } from '../../../src/chips/chip.js';
import { CODE_ROW } from '../../../src/chips/code.js';
import { pushBytes } from '../../../src/evm/opcode-tables.js';
import { wordCount, wordOf } from '../../../src/statement/code-terms.js';
import type { BatchTrace } from '../../../src/trace/batch-trace.js';
import { codeRowCount, jumpDests, pushDataRow } from '../../../src/trace/execution/code-rows.js';
import { termsOf } from '../execution-bus.js';
import type { Surroundings } from './assignment.js';
import type { Values } from './tables.js';

/** What execution hands on from row to row, its first field the time. */
export const CHAIN: readonly TupleName[] = ['EXEC', 'END', 'BETWEEN', 'WARMING', 'COPY'];

/** A point in the execution of an honest batch: the row that comes next, and all that some other row could use in its place. */
export interface Moment {
  readonly row: TraceRow;
  /** What it receives of {@link CHAIN}. */
  readonly received: Tuple;
  readonly around: Surroundings;
}

/** The moments of a batch whose rows are wanted, in the order of time. */
export function momentsOf(replay: Replay, { rows, l1 }: BatchTrace, isWanted: (row: TraceRow) => boolean): Moment[] {
  const fromL1 = l1.flatMap(({ terms }) => terms);
  const tables = tablesOf(replay, rows, fromL1);
  const timed = rows.flatMap((row): Timed[] => {
    const received = termsOf(row).find(({ weight, tuple }) => CHAIN.includes(tuple.name) && isMinusOne(weight))?.tuple;
    return received === undefined ? [] : [{ row, received, time: received.values[0]! }];
  });
  timed.sort((a, b) => (a.time < b.time ? -1 : 1));
  const births = rows.filter(({ chip }) => chip === 'memcell').map(birthOf);
  births.sort((a, b) => (a.values[0]! < b.values[0]! ? -1 : 1));
  const bus = new Bus(fromL1, [...timed.flatMap(({ row }) => sentBy(row)), ...births]);
  const moments: Moment[] = [];
  for (const { row, received, time } of timed) {
    while (births[0] !== undefined && births[0].values[0]! < time) bus.send(births.shift()!);
    if (isWanted(row))
      moments.push({ row, received, around: { live: bus.snapshot(), entries: (name) => tables.get(name) ?? [] } });
    for (const tuple of sentBy(row)) bus.send(tuple);
    for (const { weight, tuple } of linearTerms(row)) if (isMinusOne(weight)) bus.receive(tuple);
  }
  return moments;
}

interface Timed {
  readonly row: TraceRow;
  readonly received: Tuple;
  readonly time: bigint;
}

function linearTerms(row: TraceRow): Term[] {
  return termsOf(row).filter(({ tuple }) => LAYOUT[tuple.name].class === 'linear');
}

function sentBy(row: TraceRow): Tuple[] {
  return linearTerms(row).flatMap(({ weight, tuple }) => (weight === 1n ? [tuple] : []));
}

/** Fields that name the place where tuples of a kind follow each other in time. */
const PLACES: Partial<Record<TupleName, readonly string[]>> = {
  ACCT: ['addr'],
  STACK: ['call', 'idx'],
  MEM: ['call', 'word'],
  SLOT: ['addr', 'keyHi', 'keyLo'],
  JRN: ['idx'],
  // `txbegin` receives the walk's end before it was walked.
  WARMING: ['ts', 'n', 'tx'],
};

/** Linear tuples that were sent and not received, and of each place the next one that will be: which nothing may receive before. */
class Bus {
  readonly #live = new Map<string, Tuple>();
  readonly #next = new Map<string, Tuple[]>();

  constructor(l1: readonly Term[], later: readonly Tuple[]) {
    for (const { weight, tuple } of l1) {
      if (LAYOUT[tuple.name].class === 'linear' && weight === 1n) this.#live.set(describe(tuple), tuple);
    }
    const inTime = [...later].sort((a, b) => (a.values[0]! < b.values[0]! ? -1 : 1));
    for (const tuple of inTime) {
      const place = placeOf(tuple);
      if (place !== undefined) this.#next.set(place, [...(this.#next.get(place) ?? []), tuple]);
    }
  }

  send(tuple: Tuple): void {
    this.#live.set(describe(tuple), tuple);
    const later = this.#next.get(placeOf(tuple) ?? '');
    const at = later?.findIndex((one) => describe(one) === describe(tuple)) ?? -1;
    if (at >= 0) later!.splice(0, at + 1);
  }

  receive(tuple: Tuple): void {
    this.#live.delete(describe(tuple));
  }

  snapshot(): Surroundings['live'] {
    const next = [...this.#next.values()].flatMap(([first]) => (first === undefined ? [] : [first]));
    const all = new Map([...this.#live.values(), ...next].map((tuple) => [describe(tuple), tuple]));
    const byName = new Map<TupleName, Values[]>();
    for (const { name, values } of all.values()) {
      const list = byName.get(name);
      if (list === undefined) byName.set(name, [values]);
      else list.push(values);
    }
    return (name) => byName.get(name) ?? [];
  }
}

function placeOf({ name, values }: Tuple): string | undefined {
  const fields = fieldsOf(name);
  const place = PLACES[name]?.map((field) => values[fields.indexOf(field)]);
  return place === undefined ? undefined : `${name} ${place.join()}`;
}

function birthOf(row: TraceRow): Tuple {
  return termsOf(row).find(({ weight, tuple }) => tuple.name === 'MEM' && weight === 1n)!.tuple;
}

function isMinusOne(weight: bigint): boolean {
  return mod(weight + 1n) === 0n;
}

/** Entries of tables: what the batch looks up, and of codes, pushes, frames, calldata and fixed tables everything there is. */
function tablesOf({ codes, outcomes }: Replay, rows: readonly TraceRow[], l1: readonly Term[]) {
  const tables = new Map<TupleName, Values[]>();
  const seen = new Set<string>();
  const put = (tuple: Tuple): void => {
    if (LAYOUT[tuple.name].class !== 'table' || tuple.name === 'RANGE12' || seen.has(describe(tuple))) return;
    seen.add(describe(tuple));
    tables.set(tuple.name, [...(tables.get(tuple.name) ?? []), tuple.values]);
  };
  for (const { tuple } of l1) put(tuple);
  for (const { tuple } of bits.terms(filled(bits.columns) as never)) put(tuple);
  for (const row of rows) {
    if (row.chip === 'bits' || row.chip === 'tables') continue;
    const m = row.chip === 'frame' ? { m: Array<bigint>(10).fill(1n) } : {};
    for (const { weight, tuple } of termsOf({ ...row, row: { ...row.row, ...m } as RowOf<Columns> })) {
      if (mod(weight) !== 0n) put(tuple);
    }
  }
  const sorted = [...codes.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const tuple of sorted.flatMap(([, code], i) => bytesOf(code, BigInt(i + 1)))) put(tuple);
  outcomes.forEach((outcome, i) => {
    if (outcome.kind !== 'executed' || outcome.run === undefined) return;
    const data = fromHex(outcome.tx.data);
    for (let word = 0; word < wordCount(data.length); word++) {
      put({ name: 'TXDATA', values: [BigInt(word), ...toLimbs(wordOf(data, word)), BigInt(i + 1)] });
    }
  });
  return tables;
}

function bytesOf(code: Hex, id: bigint): Tuple[] {
  const bytes = fromHex(code);
  const dests = jumpDests(bytes);
  const places = Array.from({ length: CODE_ROW * codeRowCount(bytes.length) }, (_, pc) => pc);
  const pushes = places.filter((pc) => pushBytes(bytes[pc] ?? 0) > 0).map((pc) => pushDataRow(id, bytes, pc));
  return [
    { name: 'CODELEN', values: [BigInt(bytes.length), id] },
    ...places.map((pc): Tuple => ({ name: 'CODE', values: [BigInt(bytes[pc] ?? 0), id, BigInt(pc)] })),
    ...places.map((pc): Tuple => ({ name: 'DEST', values: [dests.has(BigInt(pc)) ? 1n : 0n, id, BigInt(pc)] })),
    ...pushes.flatMap(pushOf),
  ];
}

/** The entry that a row of a push's data supplies, even where nobody looks it up. */
function pushOf(push: TraceRow): Tuple[] {
  const supplied = termsOf({ ...push, row: { ...push.row, m: 1n } as unknown as TraceRow['row'] });
  return supplied.flatMap(({ tuple }) => (tuple.name === 'PUSH' ? [tuple] : []));
}

/** A row with 1 everywhere. */
function filled(columns: Columns): RowOf<Columns> {
  const ones = Object.entries(columns).map(([name, n]) => [name, n === 1 ? 1n : Array<bigint>(n).fill(1n)]);
  return Object.fromEntries(ones) as RowOf<Columns>;
}
