import type { Columns, RowOf, TraceRow } from '../chips/chip.js';
import { TraceError } from '../errors/trace.js';
import type { ShapeSpec } from '../proof/types.js';

/** One proof to make: a shape of the key set and the rows in it, chip by chip; padding fills the rest. */
export interface PackedProof {
  /** Number of the shape in the key set. */
  readonly shape: number;
  readonly rows: Readonly<Record<string, readonly RowOf<Columns>[]>>;
}

/**
 * Distributes the rows of a trace over copies of ONE shape: the one that needs the fewest, the earlier in the key set when
 * equal (one more shape costs L1 more than one more proof: 95k against 59k gas). Rows keep their order, so the same trace
 * always packs the same way.
 * @throws TraceError `TRACE_NO_SHAPE` when no shape of the key set has a place for every chip of the trace
 */
export function pack(rows: readonly TraceRow[], shapes: readonly ShapeSpec[]): PackedProof[] {
  const byChip = new Map<string, RowOf<Columns>[]>();
  for (const { chip, row } of rows) {
    const list = byChip.get(chip);
    if (list === undefined) byChip.set(chip, [row]);
    else list.push(row);
  }
  const copies = shapes.map(({ chips }) =>
    Math.max(1, ...[...byChip].map(([chip, list]) => Math.ceil(list.length / (chips[chip] ?? 0)))),
  );
  const fewest = Math.min(...copies);
  if (!Number.isFinite(fewest)) {
    const wanted = [...byChip.keys()].join(', ');
    throw new TraceError('TRACE_NO_SHAPE', `No shape of the key set has rows for all of: ${wanted}.`, {
      hint: 'Add one to circuits/shapes.json, then run "deltaproof circuits setup".',
    });
  }
  const shape = copies.indexOf(fewest);
  const room = shapes[shape]!.chips;
  return Array.from({ length: fewest }, (_, k) => ({
    shape,
    rows: Object.fromEntries(
      [...byChip]
        .map(([chip, list]) => [chip, list.slice(k * room[chip]!, (k + 1) * room[chip]!)] as const)
        .filter(([, part]) => part.length > 0),
    ),
  }));
}
