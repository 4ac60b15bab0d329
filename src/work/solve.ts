import type { Unit } from './units.js';

/**
 * Bulk shapes as a geometric program. Let p be the constraints that a batch is charged for a row of a chip: a shape of K constraints
 * holds K / p rows of it, so a family of chips fits when the sum of cost / p over it is at most 1. What a unit is charged per gas,
 * (sum of its rows * p) / gas, is at most w for every unit, and w is to be least.
 *
 * Its dual has a closed form. For weights lambda on the units, q the rows of a chip that they make per gas: a family's best prices are
 * p = sqrt(cost / q) * sum over the family of sqrt(cost * q), and w is at least the sum over all families of that sum's square. Weights
 * of units that are charged too much are raised in proportion until none is (a fixed point is the optimum).
 *
 * So a chip weighs a = sqrt(cost * q) and the families should weigh alike: chips are dealt out by weight, then moved and exchanged
 * between families while that helps.
 */
export interface Families {
  /** Chips of each family. */
  readonly families: readonly (readonly string[])[];
  /** Price of a row by chip. */
  readonly price: Readonly<Record<string, number>>;
  /** The most that a unit is charged per gas. */
  readonly w: number;
}

/** A problem in arrays: chips by number. */
interface Problem {
  readonly chips: readonly string[];
  readonly cost: readonly number[];
  /** Per unit: rows per gas of its chips. */
  readonly units: readonly (readonly (readonly [chip: number, rows: number])[])[];
}

const ROUNDS = 3_000;
const QUICK = 300;

/**
 * Families for these units, one for each entry of `room`: the part of a shape that the family may fill. `cost` are the constraints of a row by chip; units without gas or worth take no part, but their chips do if they
 * are in another unit.
 */
export function solveFamilies(
  units: readonly Unit[],
  cost: Readonly<Record<string, number>>,
  room: readonly number[],
): Families {
  const priced = units.flatMap((unit) => {
    const gas = unit.worth ?? unit.gas;
    return gas === undefined || Object.keys(unit.rows).length === 0 ? [] : [{ rows: unit.rows, gas }];
  });
  const chips = [...new Set(priced.flatMap(({ rows }) => Object.keys(rows)))].sort();
  const number = new Map(chips.map((chip, i) => [chip, i]));
  const problem: Problem = {
    chips,
    cost: chips.map((chip) => cost[chip]!),
    units: priced.map(({ rows, gas }) =>
      Object.entries(rows).map(([chip, n]): [number, number] => [number.get(chip)!, n / gas]),
    ),
  };
  let best = improve(problem, deal(loads(problem), room), room);
  // The weights depend on the families and the families on the weights: a few turns settle both.
  for (let turn = 0; turn < 4; turn++) {
    const again = improve(problem, deal(best.weight, room), room);
    if (again.w >= best.w * 0.9999) break;
    best = again;
  }
  const { of, w, price } = best;
  return {
    families: room.map((_, s) => chips.filter((_, c) => of[c] === s)),
    price: Object.fromEntries(chips.map((chip, c) => [chip, price[c]!])),
    w,
  };
}

/** What each chip weighs when every unit has a shape for itself. */
function loads({ cost, units, chips }: Problem): number[] {
  const load = chips.map(() => 0);
  for (const unit of units) {
    const sum = unit.reduce((all, [c, rows]) => all + Math.sqrt(cost[c]! * rows), 0);
    for (const [c, rows] of unit) load[c] = Math.max(load[c]!, Math.sqrt(cost[c]! * rows) * sum);
  }
  return load;
}

/** Chips to families, the heaviest first, each to the lightest family. */
function deal(weight: readonly number[], room: readonly number[]): number[] {
  const fill = room.map(() => 0);
  const of = weight.map(() => 0);
  for (const c of [...weight.keys()].sort((a, b) => weight[b]! - weight[a]! || a - b)) {
    const lightest = fill.indexOf(Math.min(...fill));
    of[c] = lightest;
    fill[lightest]! += weight[c]!;
  }
  return of;
}

interface Solved {
  readonly of: number[];
  readonly w: number;
  readonly price: readonly number[];
  /** sqrt(cost * q) of each chip. */
  readonly weight: readonly number[];
  readonly lambda: readonly number[];
}

/** Moves and exchanges between families while they make w less, judged by the weights and then solved. */
function improve(problem: Problem, start: number[], room: readonly number[]): Solved {
  let best = solve(problem, start, room);
  for (let tries = 0; tries < 60; tries++) {
    const better = neighbours(best, room).find((of) => {
      const quick = solve(problem, of, room, QUICK, best.lambda);
      if (quick.w >= best.w * 0.99995) return false;
      best = quick;
      return true;
    });
    if (better === undefined) break;
  }
  return solve(problem, best.of, room, ROUNDS, best.lambda);
}

/** Other ways to deal, by how even they make the families at the present weights: the few best. */
function neighbours({ of, weight }: Solved, room: readonly number[]): number[][] {
  const fill = room.map(() => 0);
  for (const [c, s] of of.entries()) fill[s]! += weight[c]!;
  const found: { readonly gain: number; readonly of: number[] }[] = [];
  const offer = (changes: readonly (readonly [number, number])[]) => {
    const after = [...fill];
    const next = [...of];
    for (const [c, s] of changes) {
      after[next[c]!]! -= weight[c]!;
      after[s]! += weight[c]!;
      next[c] = s;
    }
    const gain = fill.reduce((sum, x, s) => sum + (x * x - after[s]! * after[s]!) / room[s]!, 0);
    if (gain > 1e-9) found.push({ gain, of: next });
  };
  for (let a = 0; a < of.length; a++) {
    for (let s = 0; s < room.length; s++) if (s !== of[a]) offer([[a, s]]);
    for (let b = a + 1; b < of.length; b++) {
      if (of[a] !== of[b])
        offer([
          [a, of[b]!],
          [b, of[a]!],
        ]);
    }
  }
  return found
    .sort((x, y) => y.gain - x.gain)
    .slice(0, 8)
    .map((one) => one.of);
}

/** The prices of given families, by multiplicative updates of the units' weights. */
function solve(
  { cost, units }: Problem,
  of: number[],
  room: readonly number[],
  rounds: number = QUICK,
  from: readonly number[] = units.map(() => 1 / units.length),
): Solved {
  let lambda = from.map((x) => Math.max(x, 1e-12));
  let [price, weight, w] = [cost.map(() => 0), cost.map(() => 0), Number.POSITIVE_INFINITY];
  for (let round = 0; round < rounds; round++) {
    const q = cost.map(() => 0);
    for (const [u, unit] of units.entries()) for (const [c, rows] of unit) q[c]! += lambda[u]! * rows;
    weight = q.map((x, c) => Math.sqrt(cost[c]! * x));
    const sum = room.map(() => 0);
    for (const [c, s] of of.entries()) sum[s]! += weight[c]! / room[s]!;
    price = q.map((x, c) => Math.sqrt(cost[c]! / Math.max(x, 1e-300)) * sum[of[c]!]!);
    const charged = units.map((unit) => unit.reduce((all, [c, rows]) => all + rows * price[c]!, 0));
    w = Math.max(...charged);
    const mean = charged.reduce((all, x, u) => all + x * lambda[u]!, 0);
    if (w < mean * 1.0005) break;
    const next = lambda.map((x, u) => x * (charged[u]! / mean));
    const total = next.reduce((all, x) => all + x, 0);
    lambda = next.map((x) => Math.max(x / total, 1e-12));
  }
  return { of, w, price, weight, lambda };
}
