import type { Rules } from '../batch/types.js';
import { WORK } from '../evm/work.js';
import type { ShapeSpec } from '../proof/types.js';
import { l1Gas, PROOF_GAS } from './l1-gas.js';
import type { Charge, Unit } from './units.js';

/**
 * Work that a proof of a bulk shape is worth: a little less than its constraints, so that work / this is at least the proofs which the
 * prices make of it.
 */
export const PROOF_WORK = 262_000;

/** Work per unit of L1 gas: the constraints of a proof for the gas of a proof. */
export const WORK_PER_L1_GAS = PROOF_WORK / PROOF_GAS;

/** The price of a row by chip: the least, over the bulk shapes, of what a proof is worth for each row of the chip in it. */
export function pricesOf(bulk: readonly ShapeSpec[]): Readonly<Record<string, number>> {
  const prices: Record<string, number> = {};
  for (const { chips } of bulk) {
    for (const [chip, rows] of Object.entries(chips)) {
      prices[chip] = Math.min(prices[chip] ?? Number.POSITIVE_INFINITY, PROOF_WORK / rows);
    }
  }
  return prices;
}

/** What the rows of a unit cost at these prices; infinite when a chip is in no bulk shape. */
export function priceOfRows(rows: Unit['rows'], prices: Readonly<Record<string, number>>): number {
  return Object.entries(rows).reduce((sum, [chip, n]) => sum + n * (prices[chip] ?? Number.POSITIVE_INFINITY), 0);
}

/**
 * What a unit costs: its rows, and its gas on L1 beside that of their proofs. With both in one sum, all that L1 does for a batch,
 * its proofs included, takes at most its work / {@link WORK_PER_L1_GAS}.
 */
export function priceOf(unit: Unit, prices: Readonly<Record<string, number>>): number {
  return priceOfRows(unit.rows, prices) + WORK_PER_L1_GAS * l1Gas(unit.l1);
}

/** What a unit is charged under `rules`. */
export function workOf(unit: Unit, rules: Pick<Rules, 'w0' | 'w2' | 'wAccess'>): number {
  const charges: Readonly<Record<Charge, number>> = {
    ...WORK,
    w0: Number(rules.w0),
    w2: Number(rules.w2),
    wAccess: Number(rules.wAccess),
  };
  return Object.entries(unit.work).reduce((sum, [charge, times]) => sum + times * charges[charge as Charge], 0);
}
