import { cellsOf, type TraceRow } from '../chips/chip.js';
import { CHIPS } from '../chips/index.js';
import { TraceError } from '../errors/trace.js';
import type { ShapeSpec } from '../proof/types.js';

/** One proof to make: a shape of the key set and the committed cells of its rows, chip by chip. */
export interface PackedProof {
  /** Index in the key set. */
  readonly shape: number;
  /** Rows per chip, each as the flat list of its cells; unused places are left out (padding fills them). */
  readonly rows: Readonly<Record<string, readonly (readonly bigint[])[]>>;
}

/** L1's price of N proofs over S shapes, in gas (measured, `npm run bench`): what packing minimises. */
export const GAS_PER_PROOF = 59_400;
/** L1's price of one more shape in a bundle, in gas. */
export const GAS_PER_SHAPE = 95_300;

/**
 * Distributes the rows of a trace over copies of ONE shape: the shape for which the bundle is cheapest on L1, the smaller
 * one when equal. Rows keep their order, so the same trace always packs the same way.
 * @throws TraceError `TRACE_NO_SHAPE` when no shape of the key set has a place for every chip of the trace.
 */
export function pack(rows: readonly TraceRow[], shapes: readonly ShapeSpec[]): PackedProof[] {
  const byChip = new Map<string, bigint[][]>();
  for (const { chip, row } of rows) {
    const cells = cellsOf(CHIPS[chip]!, row);
    const list = byChip.get(chip);
    if (list === undefined) byChip.set(chip, [cells]);
    else list.push(cells);
  }
  const copies = shapes.map(({ chips }) =>
    Math.max(1, ...[...byChip].map(([chip, list]) => Math.ceil(list.length / (chips[chip] ?? 0)))),
  );
  const fewest = Math.min(...copies);
  if (!Number.isFinite(fewest)) {
    const wanted = [...byChip.keys()].join(', ');
    throw new TraceError('TRACE_NO_SHAPE', `No shape of the key set has rows for all of: ${wanted}.`, {
      hint: 'Add a shape to circuits/shapes.json and run "deltaproof circuits build" and "setup".',
    });
  }
  const shape = copies.indexOf(fewest);
  const capacity = shapes[shape]!.chips;
  return Array.from({ length: fewest }, (_, k) => ({
    shape,
    rows: Object.fromEntries(
      [...byChip].map(([chip, list]) => [chip, list.slice(k * capacity[chip]!, (k + 1) * capacity[chip]!)]),
    ),
  }));
}
