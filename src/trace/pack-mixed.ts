import type { ShapeSpec } from '../proof/types.js';
import { type Copies, type Demand, roomOf } from './demand.js';

/** Sets of shapes that are tried at most. All of them, up to twelve shapes; of more, those of the fewest shapes, and all shapes together. */
const MOST_SETS = 4_096;

/** Part of the copies so far that is added at once. */
const COARSENESS = 16;

/**
 * Ways to begin a packing with copies of mixed shapes: for every set of them, one copy after the other where it covers most per cost; a
 * way each time that what is left changes which shape that is, and at the end, when the set has nothing more to give.
 * @param prices of one proof, by shape
 */
export function* coverings(need: Demand, shapes: readonly ShapeSpec[], prices: readonly number[]): Generator<Copies> {
  const useful = shapes.flatMap((shape, i) =>
    shape.bulk !== true && [...need.keys()].some((chip) => roomOf(shape, chip) > 0) ? [i] : [],
  );
  const chips = [...need.keys()];
  const table = shapes.map((shape) => chips.map((chip) => roomOf(shape, chip)));
  for (const set of setsOf(useful)) yield* greedy([...need.values()], table, set, prices);
}

/** Every non-empty set of these, small sets first. */
function* setsOf(all: readonly number[]): Generator<readonly number[]> {
  let count = 0;
  for (let size = 1; size <= all.length; size++) {
    for (const set of choose(all, size, 0)) {
      if (count++ < MOST_SETS - 1) yield set;
      else return yield all;
    }
  }
}

function* choose(all: readonly number[], size: number, from: number): Generator<number[]> {
  if (size === 0) return yield [];
  for (let i = from; i <= all.length - size; i++) {
    for (const rest of choose(all, size - 1, i + 1)) yield [all[i]!, ...rest];
  }
}

function* greedy(
  need: readonly number[],
  table: readonly (readonly number[])[],
  set: readonly number[],
  prices: readonly number[],
): Generator<Copies> {
  const copies = table.map(() => 0);
  const most = need.map((_, c) => Math.max(...set.map((i) => table[i]![c]!)));
  let left = [...need];
  const gain = (i: number) => {
    let sum = 0;
    for (let c = 0; c < left.length; c++) {
      if (left[c]! > 0 && most[c]! > 0) sum += Math.min(left[c]!, table[i]![c]!) / most[c]!;
    }
    return sum / prices[i]!;
  };
  for (;;) {
    const gains = set.map(gain);
    const best = Math.max(...gains);
    if (best === 0) break;
    const pick = set[gains.indexOf(best)]!;
    const room = table[pick]!;
    // As long as every shape of the set is filled by what is left, nothing changes: these copies are the same choice again and again.
    const again = left.map((rows, c) =>
      rows > 0 && room[c]! > 0 ? Math.floor((rows - most[c]!) / room[c]!) : Number.POSITIVE_INFINITY,
    );
    // Beyond some dozen copies a few at once, which keeps the number of ways small; what is too much is trimmed.
    const coarse = Math.floor(copies.reduce((sum, n) => sum + n, 0) / COARSENESS);
    const steps = Math.max(1, coarse, Math.min(...again));
    copies[pick]! += steps;
    left = left.map((rows, c) => rows - steps * room[c]!);
    yield [...copies];
  }
}
