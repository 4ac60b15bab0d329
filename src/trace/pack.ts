import { cellCount } from '../chips/chip.js';
import { CHIPS } from '../chips/index.js';
import { TraceError } from '../errors/trace.js';
import type { ShapeSpec } from '../proof/types.js';
import { type Copies, type Demand, roomOf } from './demand.js';
import { bulkCopies } from './pack-bulk.js';
import { coverings } from './pack-mixed.js';
import type { RowRange } from './spool.js';

/** One proof to make: a shape of the key set and which rows of each chip go into it; padding fills the rest. */
export interface PackedProof {
  /** Number of the shape in the key set. */
  readonly shape: number;
  readonly rows: Readonly<Record<string, RowRange>>;
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

/**
 * Distributes the rows of a trace over copies of the key set's shapes. Mixed shapes first: for every set of them, copies are added where
 * they cover most per cost, and after each few of them what is left goes to the bulk shapes, whose numbers are exact (each chip is in one
 * of them alone); the cheapest of all these stays, less the mixed copies that the others make superfluous. So a packing is never dearer
 * than with bulk shapes alone, and, where these have all chips, its proofs are never more than {@link mostProofs}. The same demand always
 * packs the same way, ties go to the earlier shape, rows keep their order, and proofs come sorted by shape.
 * @throws TraceError `TRACE_NO_SHAPE` when no shape of the key set has a place for some chip of the trace
 */
export function pack(demand: Demand, shapes: readonly ShapeSpec[], cost: PackingCost = DEFAULT_COST): PackedProof[] {
  const need = new Map([...demand].filter(([, rows]) => rows > 0));
  return deal(need, shapes, cheapest(need, shapes, cost));
}

/** Proofs that a demand needs at most: what the rows take of the bulk shapes, and one for each shape. Infinite where a chip is in none. */
export function mostProofs(demand: Demand, shapes: readonly ShapeSpec[]): number {
  const share = ([chip, rows]: readonly [string, number]) =>
    rows / Math.max(...shapes.map((shape) => (shape.bulk === true ? roomOf(shape, chip) : 0)), 0);
  return [...demand].reduce((sum, entry) => sum + (entry[1] === 0 ? 0 : share(entry)), 0) + shapes.length;
}

function cheapest(need: Demand, shapes: readonly ShapeSpec[], cost: PackingCost): Copies {
  const prices = shapes.map((shape) => proofPrice(shape, cost));
  const most = mostProofs(need, shapes);
  /** Of these copies of mixed shapes and the bulk shapes for the rest; undefined when some chip is left over. */
  const whole = (mixed: Copies): Packing | undefined => {
    const bulk = bulkCopies(need, shapes, mixed);
    if (bulk === undefined) return undefined;
    const copies = mixed.map((n, i) => n + bulk[i]!);
    const proofs = copies.reduce((sum, n) => sum + n, 0);
    return proofs > most ? undefined : { mixed, copies, price: priceOf(copies, prices, cost) };
  };
  let best = whole(shapes.map(() => 0));
  for (const mixed of coverings(need, shapes, prices)) {
    const packing = whole(mixed);
    if (packing !== undefined) best = cheaper(whole(trimmed(need, shapes, packing, prices)), best);
  }
  if (best !== undefined) return settled(best, whole).copies;
  const homeless = [...need.keys()].filter((chip) => !shapes.some((shape) => roomOf(shape, chip) > 0));
  throw new TraceError('TRACE_NO_SHAPE', `No shape of the key set has rows for: ${homeless.join(', ')}.`, {
    hint: 'Add one to circuits/shapes.json, then run "deltaproof circuits setup".',
  });
}

interface Packing {
  /** Without the bulk shapes. */
  readonly mixed: Copies;
  readonly copies: Copies;
  readonly price: number;
}

function cheaper(one: Packing | undefined, other: Packing | undefined): Packing | undefined {
  return other === undefined || (one !== undefined && one.price < other.price) ? one : other;
}

/** Without the copies of mixed shapes that nothing needs, the dearest first. */
function trimmed(need: Demand, shapes: readonly ShapeSpec[], packing: Packing, prices: readonly number[]): Copies {
  const copies = [...packing.copies];
  const mixed = [...packing.mixed];
  const used = mixed.flatMap((n, i) => (n > 0 ? [i] : [])).sort((a, b) => prices[b]! - prices[a]!);
  for (const shape of used) {
    let spare = mixed[shape]!;
    for (const [chip, rows] of need) {
      const room = roomOf(shapes[shape]!, chip);
      if (room === 0) continue;
      const held = copies.reduce((sum, n, i) => (n === 0 ? sum : sum + n * roomOf(shapes[i]!, chip)), 0);
      spare = Math.min(spare, Math.floor((held - rows) / room));
    }
    copies[shape]! -= spare;
    mixed[shape]! -= spare;
  }
  return mixed;
}

/** With one copy of a mixed shape more or less, as long as that makes it cheaper. */
function settled(packing: Packing, whole: (mixed: Copies) => Packing | undefined): Packing {
  let best = packing;
  for (let last: Packing | undefined; last !== best; ) {
    last = best;
    for (const by of [-1, 1]) {
      packing.mixed.forEach((n, shape) => {
        if (n === 0 || best.mixed[shape]! + by < 0) return;
        best = cheaper(whole(best.mixed.map((m, i) => (i === shape ? m + by : m))), best)!;
      });
    }
  }
  return best;
}

function priceOf(copies: Copies, prices: readonly number[], { perShape }: PackingCost): number {
  return copies.reduce((sum, n, i) => sum + (n === 0 ? 0 : perShape + n * prices[i]!), 0);
}

function proofPrice({ chips }: ShapeSpec, { perProof, perCell }: PackingCost): number {
  const cells = Object.entries(chips).reduce((sum, [chip, rows]) => sum + rows * cellCount(CHIPS[chip]!), 0);
  return perProof + perCell * cells;
}

/** Fills the copies one after the other. */
function deal(need: Demand, shapes: readonly ShapeSpec[], copies: Copies): PackedProof[] {
  const dealt = new Map<string, number>();
  return copies.flatMap((count, shape) =>
    Array.from({ length: count }, () => {
      const rows: Record<string, RowRange> = {};
      for (const [chip, all] of need) {
        const from = dealt.get(chip) ?? 0;
        const to = Math.min(all, from + roomOf(shapes[shape]!, chip));
        dealt.set(chip, to);
        if (to > from) rows[chip] = { from, to };
      }
      return { shape, rows };
    }),
  );
}
