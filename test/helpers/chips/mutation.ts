import { imbalances } from '../../../src/bus/balance.js';
import { mod } from '../../../src/bus/field.js';
import type { Challenge, Term } from '../../../src/bus/tuple.js';
import { type Columns, type RowOf, rowOf } from '../../../src/chips/chip.js';
import { type ChipCircuit, cellsOfRow, holds, randomChallenge, usesOf, WIRE } from './circuit.js';
import { addUpTo } from './mirror.js';
import type { Random } from './random.js';
import { ConstraintFailed } from './witness.js';

/** New values of some cells, by cell number. */
type Mutation = ReadonlyMap<number, bigint>;

/** Most pairs of cells of each kind tried per row; they are drawn at random. */
const PAIRS = 250;
const LIMB = 4096n;

/**
 * Mutates every cell of every row alone: each must make the witness program refuse or change the row's net tuples (and
 * then the mirror must still hold). The first row gets more values than the others. `limit` caps the cells per row.
 */
export function cellFindings(
  circuit: ChipCircuit,
  rows: readonly RowOf<Columns>[],
  random: Random,
  limit = Infinity,
): string[] {
  return rows.flatMap((row, i) => {
    const base = cellsOfRow(circuit, row);
    const mutations = draw(base.keys(), limit, random).flatMap((cell) =>
      (i === 0 ? variants : fewVariants)(base[cell]!, random).map((value): Mutation => new Map([[cell, value]])),
    );
    return findings(circuit, base, mutations, randomChallenge(random));
  });
}

/**
 * The same for two cells at once: a carry between neighbours of one array, a flipped flag with another value, any pair.
 */
export function pairFindings(
  circuit: ChipCircuit,
  rows: readonly RowOf<Columns>[],
  random: Random,
  limit = PAIRS,
): string[] {
  return rows.flatMap((row) => {
    const base = cellsOfRow(circuit, row);
    const mutations = [...draw(carries(circuit, base), limit, random), ...draw(flags(base, random), limit, random)];
    for (let i = 0; i < limit && base.length > 1; i++) {
      const first = random.int(base.length);
      const second = (first + 1 + random.int(base.length - 1)) % base.length;
      mutations.push(new Map([first, second].map((cell) => [cell, random.pick(variants(base[cell]!, random))])));
    }
    return findings(circuit, base, mutations, randomChallenge(random));
  });
}

/** Overrides every wire that is not an input, alone: each must break a constraint. Padding is a row like any other here. */
export function wireFindings(circuit: ChipCircuit, rows: readonly RowOf<Columns>[], random: Random): string[] {
  const uses = usesOf(circuit);
  return rows.flatMap((row, i) => {
    const values = circuit.witness(cellsOfRow(circuit, row), randomChallenge(random));
    const found: string[] = [];
    for (let wire = WIRE.sum; wire < circuit.wires; wire++) {
      const isInput = wire >= WIRE.alpha && wire < WIRE.cells + circuit.cells.length;
      const old = values[wire]!;
      for (const value of isInput ? [] : [mod(old + 1n), mod(1n - old), random.field()]) {
        if (value === old) continue;
        values[wire] = value;
        if (uses[wire]!.every((constraint) => holds(circuit.constraints[constraint]!, values))) {
          found.push(`row ${i}: ${circuit.nameOf(wire)} may be ${value} instead of ${old}: no constraint pins it`);
          break;
        }
      }
      values[wire] = old;
    }
    return found;
  });
}

/** Values that a careless circuit may take for `value`. */
function variants(value: bigint, random: Random): bigint[] {
  const all = [
    value + 1n,
    value - 1n,
    0n,
    1n,
    value + LIMB,
    value + (1n << 64n),
    value - (1n << 128n),
    -value,
    random.field(),
  ];
  return [...new Set(all.map(mod))].filter((x) => x !== value);
}

function fewVariants(value: bigint, random: Random): bigint[] {
  return [value + 1n, value === 0n ? -1n : 0n, random.field()].map(mod);
}

function* carries({ chip }: ChipCircuit, base: readonly bigint[]): Generator<Mutation> {
  let at = 0;
  for (const length of Object.values(chip.columns)) {
    for (let i = at; i + 1 < at + length; i++) {
      for (const [low, high] of [
        [-LIMB, 1n],
        [LIMB, -1n],
        [-1n, 1n],
      ] as const) {
        yield new Map([
          [i, mod(base[i]! + low)],
          [i + 1, mod(base[i + 1]! + high)],
        ]);
      }
    }
    at += length;
  }
}

function* flags(base: readonly bigint[], random: Random): Generator<Mutation> {
  for (const [flag, value] of base.entries()) {
    if (value > 1n) continue;
    for (const [other, old] of base.entries()) {
      if (other !== flag)
        yield new Map([
          [flag, 1n - value],
          [other, random.pick(variants(old, random))],
        ]);
    }
  }
}

function findings(
  circuit: ChipCircuit,
  base: readonly bigint[],
  mutations: readonly Mutation[],
  challenge: Challenge,
): string[] {
  const { chip } = circuit;
  const before = netOf(chip.terms(rowOf(chip, base)));
  return mutations.flatMap((mutation) => {
    const cells = base.map((value, cell) => mutation.get(cell) ?? value);
    const what = [...mutation].map(([cell, value]) => `${circuit.cells[cell]}: ${base[cell]} -> ${value}`).join(', ');
    let sum: bigint;
    try {
      sum = circuit.sum(cells, challenge);
    } catch (error) {
      if (error instanceof ConstraintFailed) return [];
      throw error;
    }
    const terms = chip.terms(rowOf(chip, cells));
    if (!addUpTo(sum, terms, challenge)) return [`${what}: circuit and terms(row) disagree`];
    return netOf(terms) === before ? [`${what}: accepted, and the tuples stay the same`] : [];
  });
}

/** The net tuples of a row in one string. */
function netOf(terms: readonly Term[]): string {
  return imbalances([{ origin: '', terms }])
    .map(({ tuple, surplus }) => `${surplus} ${tuple.name} ${tuple.values.join()}`)
    .sort()
    .join('\n');
}

/** At most `limit` elements, drawn without repetition. */
function draw<T>(items: Iterable<T>, limit: number, random: Random): T[] {
  const list = [...items];
  if (list.length <= limit) return list;
  for (let i = 0; i < limit; i++) {
    const j = i + random.int(list.length - i);
    [list[i], list[j]] = [list[j]!, list[i]!];
  }
  return list.slice(0, limit);
}
