import { compileCircuit } from '../../src/build/compile-circuits.js';
import { CHIPS } from '../../src/chips/index.js';
import { mainCircuit } from '../../src/proof/shapes.js';
import type { ShapeSpec } from '../../src/proof/types.js';

/** What one row of a chip costs. */
export interface ChipCost {
  readonly chip: string;
  /** Constraints of one row, linear ones included. */
  readonly constraints: number;
  /** Committed cells of one row. */
  readonly cells: number;
}

/** Constraints per row of every chip: a circuit of two rows less a circuit of one. */
export async function chipCosts(onChip: (done: number, total: number) => void): Promise<ChipCost[]> {
  const names = Object.keys(CHIPS).sort();
  const costs: ChipCost[] = [];
  for (const chip of names) {
    const [one, two] = [await sizeOf(chip, 1), await sizeOf(chip, 2)];
    costs.push({ chip, constraints: two.constraints - one.constraints, cells: two.committed - one.committed });
    onChip(costs.length, names.length);
  }
  return costs;
}

/** A shape of nothing but rows of one chip. */
export function rowsAlone(chip: string, rows: number): ShapeSpec {
  return { name: `rows-${rows}-${chip.replaceAll('.', '-')}`, chips: { [chip]: rows } };
}

async function sizeOf(chip: string, rows: number) {
  const spec = rowsAlone(chip, rows);
  const { info } = await compileCircuit({ name: spec.name, source: mainCircuit(spec) });
  return info;
}
