import type { ShapeSpec } from '../proof/types.js';
import { type ChipCounts, shapeCounts } from './counts.js';
import { PROOF_WORK } from './price.js';
import { type Families, solveFamilies } from './solve.js';
import type { Unit } from './units.js';

/** The size of the bulk shapes' domain, and the rows of it that the public inputs take (sum, alpha, beta, and 1). */
const BULK_DOMAIN = 2 ** 18;
const PUBLICS = 4;

/** Chips of which one row serves a whole batch: once in the first bulk shape that has room. */
const ONCE = ['tables', 'bits'];

/** How many bulk shapes there are: with the mixed ones of key set `default` their keys fit one data contract on L1. */
const SHAPES = 8;

/** Eight families of chips for the units, and their shapes. */
export function solveBulk(units: readonly Unit[], counts: Readonly<Record<string, ChipCounts>>): readonly ShapeSpec[] {
  const cost = Object.fromEntries(Object.entries(counts).map(([chip, { constraints }]) => [chip, constraints]));
  const once = ONCE.reduce((sum, chip) => sum + cost[chip]!, 0);
  const room = Array.from({ length: SHAPES }, (_, i) => (i === 0 ? 1 - once / BULK_DOMAIN : 1));
  // What serves a whole batch is no part of the families.
  const priced = units.filter(({ rows }) => ONCE.every((chip) => rows[chip] === undefined));
  return bulkShapes(solveFamilies(priced, cost, room), counts);
}

/** Constraints that a shape of this domain may have. */
export function fits(constraints: number, domain: number = BULK_DOMAIN): boolean {
  return constraints + PUBLICS <= domain;
}

/** Whole rows for the families of chips: prices are raised just so far that the rows, rounded up, fit the domain. */
function bulkShapes({ families, price }: Families, counts: Readonly<Record<string, ChipCounts>>): readonly ShapeSpec[] {
  return families.map((chips, i): ShapeSpec => {
    const once = i === 0 ? ONCE : [];
    for (let raised = 0.98; ; raised *= 1.0005) {
      const rows = [
        ...once.map((chip): [string, number] => [chip, 1]),
        ...chips.map((chip): [string, number] => [chip, Math.ceil(PROOF_WORK / (price[chip]! * raised))]),
      ];
      const shape = { name: `bulk-${i + 1}`, chips: Object.fromEntries(rows) };
      if (fits(shapeCounts(shape, counts).constraints)) return { ...shape, bulk: true };
    }
  });
}
