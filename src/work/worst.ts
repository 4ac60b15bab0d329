import type { Rules } from '../batch/types.js';
import { GAS } from '../l1/part-gas.js';
import type { ShapeSpec } from '../proof/types.js';
import { aroundGas, l1Gas, type OnL1, PROOF_GAS, proofBytes } from './l1-gas.js';
import { PROOF_WORK, priceOf, priceOfRows, pricesOf, workOf } from './price.js';
import { type Budget, budgetOf } from './promise.js';
import { UNITS, type Unit } from './units.js';

/**
 * Seconds of a proof of 2^18 on two cores, commitment included, and by what: `npm run bench -- --only bundles`, the line of 100 ERC-20
 * transfers in mode diff, commit and prove by its six proofs (docs/FIGURES.md).
 */
export const ENGINE = { name: 'the engine wasm on two cores', seconds: 5.4 } as const;
/** Wei per gas at which the worst bundle has to be affordable: a stressed L1. */
export const GAS_PRICE = 200n * 10n ** 9n;

/** What the planner of parts puts into one transaction of L1 at least, when there is enough of it (src/l1/plan-parts.ts). */
const PART = { gas: 11_000_000, bytes: 100_000, proofs: 240 } as const;
/** Bytes of entries that fit a part; and half of those that fit a transaction: two that follow each other carry more than twice that. */
const FULL = { part: 108_000, half: 63_500 } as const;
/**
 * Transactions that may be almost empty: the last one before codes, of codes, of hashes, of proofs. The one of codes is half a one, as what
 * does not fit it any more follows it.
 */
const REST = 3.5;
/** Calldata of an item that is cut off unread: its length and its hash. */
const CUT_OFF_BYTES = 35;

/** The most that a batch can take to be proven on L1, whatever it does. */
export interface Worst {
  readonly proofs: number;
  /** Gas of all transactions of L1 that carry the bundle. */
  readonly l1Gas: number;
  /** Their calldata. */
  readonly l1Bytes: number;
  readonly transactions: number;
  /** Hours of {@link ENGINE} for the proofs. */
  readonly hours: number;
  /** At {@link GAS_PRICE}. */
  readonly ether: number;
}

/** A line of the price list: the work that a unit is charged, and the least that it must be. */
export interface PricedUnit {
  readonly unit: string;
  readonly work: number;
  readonly price: number;
}

/** What `npm run worst -- --json` prints. */
export interface WorstReport {
  readonly budget: Budget;
  readonly units: readonly PricedUnit[];
  readonly worst: Worst;
}

/** The price list, the budget, and what the worst batch of it takes. */
export function worstReport(shapes: readonly ShapeSpec[], rules: Rules): WorstReport {
  const bulk = shapes.filter((shape) => shape.bulk === true);
  const prices = pricesOf(bulk);
  const priced = UNITS.map((unit) => ({
    unit: unit.name,
    work: workOf(unit, rules),
    price: Math.ceil(priceOf(unit, prices)),
  }));
  return { budget: budgetOf(rules), units: priced, worst: worstOf(bulk, prices, rules) };
}

function worstOf(bulk: readonly ShapeSpec[], prices: Readonly<Record<string, number>>, rules: Rules): Worst {
  const budget = Number(rules.workBudget);
  const charged = UNITS.filter((unit) => workOf(unit, rules) > 0);
  const once = UNITS.filter((unit) => workOf(unit, rules) === 0);
  // Full of the unit that takes the most of something for its work, beside the dearest of what every batch has.
  const most = (of: (unit: Unit) => number) =>
    budget * Math.max(...charged.map((unit) => of(unit) / workOf(unit, rules))) + Math.max(...once.map(of));
  const proofsOf = ({ rows }: Unit) => priceOfRows(rows, prices) / PROOF_WORK;
  const cutOff = CUT_OFF_BYTES * rules.maxItems;

  const proofs = Math.floor(most(proofsOf)) + bulk.length;
  const bytes = most((unit) => unit.l1.bytes + proofBytes(proofsOf(unit))) + proofBytes(bulk.length) + cutOff;
  const content = ({ l1 }: Unit) => Math.max(l1Gas(l1) / PART.gas, l1.bytes / carried(l1));
  const full = most((unit) => content(unit) + proofsOf(unit) / PART.proofs);
  const transactions = Math.floor(full + bulk.length / PART.proofs + cutOff / PART.bytes + REST);
  const gas =
    most((unit) => l1Gas(unit.l1) + PROOF_GAS * proofsOf(unit)) +
    PROOF_GAS * bulk.length +
    l1Gas({ bytes: cutOff, execution: GAS.cutOff * rules.maxItems }) +
    aroundGas(transactions, Math.ceil(proofs / PART.proofs), bulk.length);
  return {
    proofs,
    l1Gas: Math.ceil(gas),
    l1Bytes: Math.ceil(bytes),
    transactions,
    hours: round((proofs * ENGINE.seconds) / 3_600),
    ether: round((gas * Number(GAS_PRICE)) / 1e18),
  };
}

/** Bytes of such entries that a transaction carries at least: where they are large, the next one does not fit what is left. */
function carried({ entry = 0 }: OnL1): number {
  return Math.min(PART.bytes, Math.max(FULL.part - entry, FULL.half));
}

function round(value: number): number {
  return Math.ceil(value * 10) / 10;
}
