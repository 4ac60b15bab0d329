import type { ShapeSpec } from '../proof/types.js';

/** Rows by chip. */
export type Demand = ReadonlyMap<string, number>;

/** Copies of each shape of a key set. */
export type Copies = readonly number[];

/** Rows by chip of a trace in memory. */
export function demandOf(rows: Iterable<{ readonly chip: string }>): Map<string, number> {
  const demand = new Map<string, number>();
  for (const { chip } of rows) demand.set(chip, (demand.get(chip) ?? 0) + 1);
  return demand;
}

/** Rows of a chip in a shape. */
export function roomOf({ chips }: ShapeSpec, chip: string): number {
  return chips[chip] ?? 0;
}
