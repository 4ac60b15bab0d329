import { beforeAll, describe, expect, it } from 'vitest';
import type { Chip, Columns, RowOf } from '../../../src/chips/chip.js';
import { type ChipCircuit, chipCircuit, show } from './circuit.js';
import { deletionMissing } from './deletion/deletion.js';
import { hintFindings } from './deletion/hints.js';
import { mirrorFindings, paddingFindings } from './mirror.js';
import { cellFindings, pairFindings, wireFindings } from './mutation.js';
import { planFindings } from './plan.js';
import { type Random, randomOf, testSeed } from './random.js';
import { writeReport } from './report.js';
import { ruleOneFindings } from './rule-one.js';
import { findingWithout, guardsOf, type WordReason, wordFindings } from './words/words.js';

/** A constraint that no assignment violates alone, with the reason: it follows from the others. */
export interface Redundant {
  /** Matched against the constraint's readable form (the failure message shows it). */
  readonly constraint: RegExp;
  readonly reason: string;
}

/** How a chip is tested. */
export interface ChipTest<C extends Columns> {
  /**
   * Honest rows: enabled, in full use (no weight 0 where it can be avoided), every path of the chip at least once.
   * About two to six; each costs the same time again.
   */
  rows(random: Random): readonly RowOf<C>[];
  /** Exact number of constraints of one row, linear ones included. */
  readonly constraints: number;
  readonly redundant?: readonly Redundant[];
  /** Words and counters that bounds of single wires do not decide. */
  readonly words?: readonly WordReason[];
  /** Look-ups of what words are made of that make them right, not small: the deletion test is about these. */
  readonly exact?: readonly Redundant[];
  /** Cells and pairs of cells mutated per row, drawn at random; default all. Only for chips of thousands of cells. */
  readonly mutations?: number;
}

/** Milliseconds per test: tens of seconds of computing for the largest chips, on a machine that may be busy. */
const TIMEOUT = 600_000;

/**
 * All tests that every chip passes (README.md in this folder). One line in `test/chips/<chip>/chip.test.ts`.
 * Printed seed; replay with `DELTAPROOF_SEED=...`.
 */
export function describeChip<C extends Columns>(chip: Chip<C>, test: ChipTest<C>): void {
  describe(`chip ${chip.name}`, { timeout: TIMEOUT }, () => {
    const seed = testSeed();
    const random = (part: string) => randomOf(seed, `${chip.name} ${part}`);
    let circuit: ChipCircuit;
    let rows: readonly RowOf<Columns>[];

    beforeAll(async () => {
      console.log(`chip ${chip.name}: DELTAPROOF_SEED=${seed}`);
      circuit = await chipCircuit(chip);
      rows = test.rows(random('rows')) as unknown as readonly RowOf<Columns>[];
    });

    it('costs what its header says', () => {
      expect(circuit.constraints.length - circuit.frame.size).toBe(test.constraints);
    });

    it('mirror: terms(row) add up to the sum of the circuit', () => {
      expect(rows.length).toBeGreaterThan(0);
      expect(mirrorFindings(circuit, rows, random('mirror'))).toEqual([]);
    });

    it('padding contributes nothing', () => {
      expect(paddingFindings(circuit, random('padding'))).toEqual([]);
    });

    it('plan: its steps find every wire that the witness program does, and the constraints that a row breaks', async () => {
      expect(await planFindings(circuit, rows, random('plan'))).toEqual([]);
    });

    it('rule 1: fingerprints and weights are low-degree expressions of committed inputs', () => {
      expect(ruleOneFindings(circuit)).toEqual([]);
    });

    it('words: what the row sends is in range by what the row itself checks', () => {
      expect(wordFindings(circuit, test.words)).toEqual([]);
    });

    it('words: without any one of these checks something is not', () => {
      const exact = test.exact ?? [];
      const guards = guardsOf(circuit);
      const missed = guards.filter((guard) => findingWithout(circuit, guard, test.words ?? []) === undefined);
      const lines = missed.map(({ constraint }) => show(circuit, constraint));
      expect(lines.filter((line) => !exact.some(({ constraint }) => constraint.test(line)))).toEqual([]);
      expect(exact.filter(({ constraint }) => !lines.some((line) => constraint.test(line)))).toEqual([]);
    });

    it('mutation: no cell can change without breaking a constraint or changing the tuples', () => {
      expect(cellFindings(circuit, rows, random('cells'), test.mutations)).toEqual([]);
    });

    it('mutation: nor can two cells', () => {
      expect(pairFindings(circuit, rows, random('pairs'), test.mutations)).toEqual([]);
    });

    it('mutation: no wire can change alone, and none is a free choice', () => {
      const all = [...rows, circuit.chip.padding];
      expect(wireFindings(circuit, all, random('wires'))).toEqual([]);
      expect(hintFindings(circuit, all, random('hints'))).toEqual([]);
    });

    it('deletion: every constraint can be violated alone, or is listed as redundant', () => {
      const redundant = test.redundant ?? [];
      const isListed = (i: number) => redundant.some(({ constraint }) => constraint.test(show(circuit, i)));
      const missing = deletionMissing(circuit, [...rows, circuit.chip.padding], random('deletion'), isListed);
      const { unlisted, stale } = compare(circuit, missing, redundant);
      writeReport(circuit, { missing: missing.length, unlisted: unlisted.length });
      expect({ unlisted, stale }).toEqual({ unlisted: [], stale: [] });
    });
  });
}

/** Constraints that nothing violates alone and no entry lists; entries that match no constraint, or a needed one. */
function compare(circuit: ChipCircuit, missing: readonly number[], redundant: readonly Redundant[]) {
  const lines = circuit.constraints.map((_, i) => show(circuit, i));
  const unlisted = missing
    .map((i) => lines[i]!)
    .filter((line) => !redundant.some(({ constraint }) => constraint.test(line)));
  const stale = redundant.flatMap(({ constraint }) => {
    const matched = [...lines.keys()].filter((i) => !circuit.frame.has(i) && constraint.test(lines[i]!));
    if (matched.length === 0) return [`${constraint} matches no constraint`];
    return matched.filter((i) => !missing.includes(i)).map((i) => `${constraint} lists a needed one: ${lines[i]}`);
  });
  return { unlisted, stale };
}
