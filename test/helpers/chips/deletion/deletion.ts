import { mod } from '../../../../src/bus/field.js';
import type { Columns, RowOf } from '../../../../src/chips/chip.js';
import { type ChipCircuit, cellsOfRow, randomChallenge, WIRE, wiresOf } from '../circuit.js';
import type { Random } from '../random.js';
import { buildProgram, type Program } from './program.js';
import { type Perturbation, Replay } from './run.js';

/**
 * Single-constraint deletion: which constraints can be violated ALONE. For each constraint of the chip it looks for an
 * assignment that satisfies all the others: from an honest one a wire of the constraint is changed, or the constraint is
 * missed by a random amount, and everything after it is computed anew from the other constraints, inputs included where
 * they follow. Returns the constraints for which none was found; every other one is needed, since without it the
 * checker would accept an assignment that it rejects now.
 */
export function deletionMissing(
  circuit: ChipCircuit,
  rows: readonly RowOf<Columns>[],
  random: Random,
  isListed: (constraint: number) => boolean = () => false,
): number[] {
  const missing = new Set(circuit.constraints.keys());
  for (const i of circuit.frame) missing.delete(i);
  // Perturbations are drawn at random: what one round does not find another may. Only what is listed as redundant may stay.
  for (let round = 0; round < ROUNDS && (round === 0 || ![...missing].every(isListed)); round++)
    searchOnce(circuit, rows, random, missing);
  return [...missing];
}

/** One round over all rows, each with a new challenge; takes what it finds out of `missing`. */
function searchOnce(circuit: ChipCircuit, rows: readonly RowOf<Columns>[], random: Random, missing: Set<number>): void {
  const bases = rows.map((row) => circuit.witness(cellsOfRow(circuit, row), randomChallenge(random)));
  const [program, late] = fewestChecks(circuit);
  for (const base of bases) {
    const replay = new Replay(circuit, program, base);
    for (const constraint of missing) search(replay, missing, ownPerturbations(replay, constraint, random), constraint);
  }
  for (const constraint of [...missing].slice(0, HARD)) {
    const own = wiresOf(circuit.constraints[constraint]!).filter((wire) => wire >= WIRE.cells);
    const early = buildProgram(circuit, { without: constraint, late, early: own });
    const last = buildProgram(circuit, { without: constraint, late: new Set([...late, ...own]) });
    for (const base of bases) {
      const replay = new Replay(circuit, early, base);
      search(replay, missing, ownPerturbations(replay, constraint, random), constraint);
    }
    for (const base of bases) {
      const replay = new Replay(circuit, last, base);
      search(replay, missing, nearPerturbations(replay, own, random), constraint);
    }
  }
}

/** Tries perturbations until `constraint` is found; takes whatever they find out of `missing`. */
function search(replay: Replay, missing: Set<number>, perturbations: Iterable<Perturbation>, constraint: number): void {
  for (const perturbation of missing.has(constraint) ? perturbations : []) {
    const only = replay.onlyViolation(perturbation);
    if (only !== undefined) missing.delete(only);
    if (only === constraint) return;
  }
}

/** The constraint is missed by some amount; its wires change, alone and in pairs, those of short sides first. */
function* ownPerturbations({ circuit, base }: Replay, constraint: number, random: Random): Generator<Perturbation> {
  yield { misses: new Map([[constraint, random.field()]]) };
  const { a, b, c } = circuit.constraints[constraint]!;
  const sides = [a, b, c].sort((x, y) => x.wires.length - y.wires.length);
  const wires = [...new Set(sides.flatMap((side) => side.wires))].filter((wire) => wire >= WIRE.cells).slice(0, MANY);
  for (const wire of wires)
    for (const value of variants(base[wire]!, random)) yield { wires: new Map([[wire, value]]) };
  for (const first of wires)
    for (const second of wires.slice(0, FEW)) if (second !== first) yield change([first, second], base, random);
}

/** Wires that share a constraint with `own` change, alone and in pairs: `own` then follow. */
function* nearPerturbations(
  { circuit, base }: Replay,
  own: readonly number[],
  random: Random,
): Generator<Perturbation> {
  const near = circuit.constraints
    .filter((constraint) => wiresOf(constraint).some((wire) => own.includes(wire)))
    .flatMap(wiresOf);
  const wires = [...new Set(near)].filter((wire) => wire >= WIRE.cells && !own.includes(wire)).slice(0, MANY);
  for (const wire of wires)
    for (const value of variants(base[wire]!, random)) yield { wires: new Map([[wire, value]]) };
  for (const first of wires)
    for (const second of wires) if (second > first) yield change([first, second], base, random);
}

function change(wires: readonly number[], base: readonly bigint[], random: Random): Perturbation {
  return { wires: new Map(wires.map((wire) => [wire, random.pick(variants(base[wire]!, random))])) };
}

/** Rounds before a constraint that is not listed counts as redundant. */
const ROUNDS = 12;
/** Constraints that get a program of their own when the common one does not do. */
const HARD = 100;
/** Wires of one constraint that are tried alone, and with how many others in pairs. */
const MANY = 24;
const FEW = 6;

function variants(value: bigint, random: Random): bigint[] {
  return [...new Set([mod(1n - value), mod(value + 1n), 0n, 1n, random.field()])].filter((x) => x !== value);
}

/**
 * A program with as few constraints left over to test as can be had by choosing single cells last: a digest then follows
 * from what it is the hash of, instead of being chosen and contradicted.
 */
function fewestChecks(circuit: ChipCircuit): [program: Program, late: ReadonlySet<number>] {
  let late: ReadonlySet<number> = new Set();
  let best = buildProgram(circuit);
  const tried = new Set<number>();
  for (;;) {
    const wire = lateCandidates(circuit, best).find((candidate) => !tried.has(candidate));
    if (wire === undefined) return [best, late];
    tried.add(wire);
    const program = buildProgram(circuit, { late: new Set([...late, wire]) });
    if (program.checks.length >= best.checks.length) continue;
    late = new Set([...late, wire]);
    best = program;
  }
}

/** Chosen cells from which the left-over tests follow linearly. */
function lateCandidates(circuit: ChipCircuit, { steps, checks }: Program): number[] {
  const stepOf = new Map(steps.map((step) => [step.wire, step]));
  const cells = new Set<number>();
  for (const check of checks) {
    const { a, b, c } = circuit.constraints[check]!;
    if (a.wires.some((wire) => wire !== WIRE.one && b.wires.includes(wire))) continue;
    const pending = [...c.wires];
    const seen = new Set(pending);
    for (let wire = pending.pop(); wire !== undefined; wire = pending.pop()) {
      const step = stepOf.get(wire);
      if (step?.kind === 'coordinate' && wire >= WIRE.cells && wire < WIRE.cells + circuit.cells.length)
        cells.add(wire);
      for (const next of step?.kind === 'combined' ? step.form.wires : []) {
        if (!seen.has(next)) pending.push(next);
        seen.add(next);
      }
    }
  }
  return [...cells];
}
