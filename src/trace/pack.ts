import { type Columns, cellNames, type RowOf, type TraceRow } from '../chips/chip.js';
import { CHIPS } from '../chips/index.js';
import { TraceError } from '../errors/trace.js';
import type { ShapeSpec } from '../proof/types.js';

/** One proof to make: a shape of the key set and the rows in it, chip by chip; padding fills the rest. */
export interface PackedProof {
  /** Number of the shape in the key set. */
  readonly shape: number;
  readonly rows: Readonly<Record<string, readonly RowOf<Columns>[]>>;
}

/** What proofs cost, in L1 gas or whatever is worth as much to whoever proves. */
export interface PackingCost {
  /** One more proof on L1 (design: 59.4k). */
  readonly perProof: number;
  /** One more kind of shape on L1 (design: 95.3k). */
  readonly perShape: number;
  /** Time and memory of a proof, per committed cell of its shape. */
  readonly perCell: number;
}

/** About 50k gas for the dozen seconds that a shape of 2^17 takes: two large proofs rather than three small ones. */
export const DEFAULT_COST: PackingCost = { perProof: 59_400, perShape: 95_300, perCell: 1 };

/** More kinds of shape than this are never tried together. */
const MAX_SUBSETS = 4_096;

/**
 * Distributes the rows of a trace over copies of the key set's shapes, at the least cost found: for every set of shapes that
 * together have all chips, copies are added where they cover most per cost, and taken away again where the others suffice. Rows
 * keep their order and ties go to the earlier shape, so the same trace always packs the same way. Proofs come sorted by shape.
 * @throws TraceError `TRACE_NO_SHAPE` when no shape of the key set has a place for some chip of the trace
 */
export function pack(
  rows: readonly TraceRow[],
  shapes: readonly ShapeSpec[],
  cost: PackingCost = DEFAULT_COST,
): PackedProof[] {
  const byChip = new Map<string, RowOf<Columns>[]>();
  for (const { chip, row } of rows) {
    const list = byChip.get(chip);
    if (list === undefined) byChip.set(chip, [row]);
    else list.push(row);
  }
  const need = new Map([...byChip].map(([chip, list]) => [chip, list.length]));
  const copies = cheapest(need, shapes, cost);
  return deal(byChip, shapes, copies);
}

/** Copies of each shape. */
type Copies = readonly number[];

function cheapest(need: ReadonlyMap<string, number>, shapes: readonly ShapeSpec[], cost: PackingCost): Copies {
  const prices = shapes.map((shape) => proofPrice(shape, cost));
  let best: { readonly copies: Copies; readonly price: number } | undefined;
  for (const subset of subsets(shapes.length)) {
    const copies = cover(need, shapes, subset, prices);
    if (copies === undefined) continue;
    const price = priceOf(copies, prices, cost);
    if (best === undefined || price < best.price) best = { copies, price };
  }
  if (best !== undefined) return best.copies;
  const homeless = [...need.keys()].filter((chip) => !shapes.some(({ chips }) => (chips[chip] ?? 0) > 0));
  throw new TraceError('TRACE_NO_SHAPE', `No shape of the key set has rows for: ${homeless.join(', ')}.`, {
    hint: 'Add one to circuits/shapes.json, then run "deltaproof circuits setup".',
  });
}

/** Numbers of the shapes in every non-empty set of them, small sets first. */
function subsets(count: number): number[][] {
  const all: number[][] = [];
  for (let mask = 1; mask < 2 ** count && mask < MAX_SUBSETS; mask++) {
    all.push(Array.from({ length: count }, (_, i) => i).filter((i) => (mask >> i) & 1));
  }
  return all.sort((a, b) => a.length - b.length);
}

function priceOf(copies: Copies, prices: readonly number[], { perShape }: PackingCost): number {
  return copies.reduce((sum, n, i) => sum + (n === 0 ? 0 : perShape + n * prices[i]!), 0);
}

function proofPrice({ chips }: ShapeSpec, { perProof, perCell }: PackingCost): number {
  const cells = Object.entries(chips).reduce((sum, [chip, rows]) => sum + rows * cellNames(CHIPS[chip]!).length, 0);
  return perProof + perCell * cells;
}

/** Copies of the shapes of `subset` that hold everything; undefined when they lack a chip. */
function cover(
  need: ReadonlyMap<string, number>,
  shapes: readonly ShapeSpec[],
  subset: readonly number[],
  prices: readonly number[],
): Copies | undefined {
  const most = new Map([...need.keys()].map((chip) => [chip, Math.max(...subset.map((i) => room(shapes[i]!, chip)))]));
  if ([...most.values()].includes(0)) return undefined;
  const copies = Array<number>(shapes.length).fill(0);
  const left = new Map(need);
  while ([...left.values()].some((n) => n > 0)) {
    const gain = (i: number) =>
      [...left].reduce(
        (sum, [chip, n]) => sum + Math.min(Math.max(n, 0), room(shapes[i]!, chip)) / most.get(chip)!,
        0,
      ) / prices[i]!;
    const pick = subset.reduce((a, b) => (gain(b) > gain(a) ? b : a));
    copies[pick]!++;
    for (const [chip, n] of left) left.set(chip, n - room(shapes[pick]!, chip));
  }
  for (const i of [...subset].sort((a, b) => prices[b]! - prices[a]!)) {
    while (copies[i]! > 0 && holds(need, shapes, copies, i)) copies[i]!--;
  }
  return copies;
}

/** Whether one copy fewer of shape `less` still holds everything. */
function holds(need: ReadonlyMap<string, number>, shapes: readonly ShapeSpec[], copies: Copies, less: number): boolean {
  const kept = copies.map((n, i) => (i === less ? n - 1 : n));
  return [...need].every(([chip, n]) => kept.reduce((sum, k, i) => sum + k * room(shapes[i]!, chip), 0) >= n);
}

function room({ chips }: ShapeSpec, chip: string): number {
  return chips[chip] ?? 0;
}

/** Fills the copies one after the other. */
function deal(
  byChip: ReadonlyMap<string, readonly RowOf<Columns>[]>,
  shapes: readonly ShapeSpec[],
  copies: Copies,
): PackedProof[] {
  const dealt = new Map<string, number>();
  return copies.flatMap((count, shape) =>
    Array.from({ length: count }, () => {
      const rows: Record<string, readonly RowOf<Columns>[]> = {};
      for (const [chip, list] of byChip) {
        const from = dealt.get(chip) ?? 0;
        const part = list.slice(from, from + room(shapes[shape]!, chip));
        dealt.set(chip, from + part.length);
        if (part.length > 0) rows[chip] = part;
      }
      return { shape, rows };
    }),
  );
}
