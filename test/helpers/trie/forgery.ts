import { mod } from '../../../src/bus/field.js';
import { sumOf } from '../../../src/bus/tuple.js';
import { type Columns, cellsOf, type RowOf, type TraceRow } from '../../../src/chips/chip.js';
import { CHIPS } from '../../../src/chips/index.js';
import { digestOf } from '../../../src/trie/digest.js';
import type { LeafValue, NodeReader, TrieNode } from '../../../src/trie/node.js';
import type { Path } from '../../../src/trie/path.js';
import { nodeMissing } from '../../../src/trie/store.js';
import { type ChipCircuit, chipCircuit, randomChallenge, WIRE } from '../chips/circuit.js';
import { type Random, randomOf, testSeed } from '../chips/random.js';
import { ConstraintFailed } from '../chips/witness.js';
import { Forgeries, type Forgery } from '../forgery.js';
import { left, type Trace } from './slot-trace.js';

/** Nodes of any shape, canonical or not. */
export class ForgedNodes {
  readonly #nodes = new Map<bigint, TrieNode>();
  readonly get: NodeReader = (digest) => {
    const node = this.#nodes.get(digest);
    if (node === undefined) throw nodeMissing(digest);
    return node;
  };

  put(node: TrieNode): bigint {
    const digest = digestOf(node);
    this.#nodes.set(digest, node);
    return digest;
  }

  leaf(path: Path, value: LeafValue | bigint): bigint {
    return this.put({ kind: 'leaf', path, value: typeof value === 'bigint' ? { kind: 'slot', value } : value });
  }

  extension(path: Path, child: bigint): bigint {
    return this.put({ kind: 'extension', path, child });
  }

  branch(children: Readonly<Record<number, bigint>>): bigint {
    return this.put({ kind: 'branch', children: Array.from({ length: 16 }, (_, n) => children[n] ?? 0n) });
  }
}

const circuits = new Map<string, Promise<ChipCircuit>>();

/**
 * Runs every row through its chip's circuit, then looks at the bus; also checks that circuit and mirror agree.
 * @returns the first chip one of whose rows violates a constraint (`constraint of branch`), else the kinds of tuples that stay open
 */
export async function caughtBy(trace: Trace, random: Random): Promise<string> {
  const challenge = randomChallenge(random);
  let sum = sumOf(trace.terms, challenge);
  for (const { chip, row } of trace.rows) {
    const circuit = circuits.get(chip) ?? chipCircuit(CHIPS[chip]!);
    circuits.set(chip, circuit);
    try {
      sum += (await circuit).witness(cellsOf(CHIPS[chip]!, row).map(mod), challenge)[WIRE.sum]!;
    } catch (error) {
      if (error instanceof ConstraintFailed) return `constraint of ${chip}`;
      throw error;
    }
  }
  const unbalanced = left(trace);
  if ((mod(sum) === 0n) !== (unbalanced.length === 0)) throw new Error('circuits and mirror disagree');
  return [...new Set(unbalanced.map(({ tuple }) => tuple.name))].sort().join(' ');
}

/** A row by hand: columns that are not given are those of the padding row. */
export function rowByHand(chip: string, columns: Cells): TraceRow {
  return { chip, row: { ...CHIPS[chip]!.padding, ...columns } as RowOf<Columns>, origin: 'forged' };
}

/** A row's columns. */
export type Cells = Readonly<Record<string, bigint | readonly bigint[]>>;

/** One column of a row. */
export function cell({ row }: TraceRow, column: string): bigint {
  return (row as unknown as Record<string, bigint>)[column]!;
}

/** The row with some columns changed. */
export function changeRow(row: TraceRow, columns: Cells): TraceRow {
  return { ...row, row: { ...row.row, ...columns } as RowOf<Columns> };
}

/** The trace with the first row of `chip` changed. Throws when there is none. */
export function editRow(trace: Trace, chip: string, change: (row: TraceRow) => Cells): Trace {
  const at = trace.rows.findIndex((row) => row.chip === chip);
  if (at === -1) throw new Error(`The test wants to edit a row of ${chip}, but there is none.`);
  return { ...trace, rows: trace.rows.map((row, k) => (k === at ? changeRow(row, change(row)) : row)) };
}

/** The first row of a chip. */
export function rowOfChip(trace: Trace, chip: string): TraceRow {
  const row = trace.rows.find((candidate) => candidate.chip === chip);
  if (row === undefined) throw new Error(`The test wants a row of ${chip}, but there is none.`);
  return row;
}

/** Forgeries of tries: a trace, and what is changed in it or stands in its place. */
export function trieForgeries(
  what: string,
  list: readonly Forgery<() => Trace, (truth: Trace) => Trace>[],
  truths: Readonly<Record<string, () => Trace>> = {},
): Forgeries<() => Trace, (truth: Trace) => Trace> {
  const caught = (honest: () => Trace, change: ((truth: Trace) => Trace) | undefined, name: string) =>
    caughtBy(change === undefined ? honest() : change(honest()), randomOf(testSeed(), name));
  return new Forgeries(what, caught, list, truths);
}
