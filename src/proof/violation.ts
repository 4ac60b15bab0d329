import { cellNames } from '../chips/chip.js';
import { CHIPS } from '../chips/index.js';
import { involvedCells } from '../engine/involved.js';
import type { Plan } from '../engine/plan.js';
import { ProofError } from '../errors/proof.js';
import type { ChipRegistry } from './shapes.js';
import type { ShapeSpec } from './types.js';

/** Where a committed cell stands in a shape. */
interface CellPlace {
  readonly chip: string;
  /** From 0, padding rows included. */
  readonly row: number;
  /** As in {@link cellNames}. */
  readonly cell: string;
}

/** The place of committed cell `index`, in the order of `shapeInputs`. */
function cellPlace({ name, chips }: ShapeSpec, index: number, registry: ChipRegistry = CHIPS): CellPlace {
  let left = index;
  for (const [chip, rows] of Object.entries(chips)) {
    const names = cellNames(registry[chip]!);
    if (left < rows * names.length) {
      return { chip, row: Math.floor(left / names.length), cell: names[left % names.length]! };
    }
    left -= rows * names.length;
  }
  throw new RangeError(`Shape ${name} has no cell ${index}.`);
}

/** The longest list of cells in a message. */
const MOST_CELLS = 6;

/** What a violated constraint says: the row that breaks it and the cells that it involves, with their values. */
export function violationOf(
  plan: Plan,
  spec: ShapeSpec,
  constraint: number,
  cells: readonly bigint[],
  registry: ChipRegistry = CHIPS,
): ProofError {
  const involved = involvedCells(plan, constraint).map((index) => ({
    ...cellPlace(spec, index, registry),
    value: cells[index]!,
  }));
  const { chip, row } = involved[0] ?? { chip: 'none', row: 0 };
  const values = involved.slice(0, MOST_CELLS).map(({ cell, value }) => `${cell} = ${value}`);
  const more = involved.length > MOST_CELLS ? ` and ${involved.length - MOST_CELLS} more cells` : '';
  return new ProofError(
    'PROOF_WITNESS',
    `The rows have no witness in shape ${spec.name}: row ${row} of chip ${chip} breaks constraint ${constraint} (${values.join(', ')}${more}).`,
    {
      hint: `The row's tracer and circuits/chips/${registry[chip]?.file ?? chip}.circom disagree: report it, unless the row is forged.`,
    },
  );
}
