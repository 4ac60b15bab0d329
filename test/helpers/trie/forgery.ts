import { describe, expect, it } from 'vitest';
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

/** `accepted`, `BUS_NOT_BALANCED`, or the first chip one of whose rows violates a constraint: `constraint of branch`. */
export type Barrier = string;

const circuits = new Map<string, Promise<ChipCircuit>>();

/** Runs every row through its chip's circuit, then looks at the bus; also checks that circuit and mirror agree. */
export async function barrierOf(trace: Trace, random: Random): Promise<Barrier> {
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
  return unbalanced.length === 0 ? 'accepted' : 'BUS_NOT_BALANCED';
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

/** What is tried, what must stop it, and how it is made. */
export type Forgery = readonly [what: string, barrier: Barrier, make: () => Trace];

/** One test per forgery: it must be stopped by its barrier and by nothing before it. */
export function describeForgeries(what: string, forgeries: readonly Forgery[]): void {
  const seed = testSeed();
  describe(what, () => {
    it.each(forgeries)('%s: %s', async (name, barrier, make) => {
      expect(await barrierOf(make(), randomOf(seed, name)), `DELTAPROOF_SEED=${seed}`).toBe(barrier);
    });
  });
}
