import { ArtifactStore } from '../build/artifacts.js';
import { compileCircuit } from '../build/compile-circuits.js';
import { type Chip, cellCount } from '../chips/chip.js';
import { CHIPS } from '../chips/index.js';
import { limiter, settled } from '../proof/limiter.js';
import { type ChipRegistry, mainCircuit, sumGroups } from '../proof/shapes.js';
import type { ShapeSpec } from '../proof/types.js';

/** What one row of a chip takes in any shape. */
export interface ChipCounts {
  readonly constraints: number;
  /** All wires of the row, its committed cells and outputs included. */
  readonly wires: number;
  /** Committed cells. */
  readonly cells: number;
}

/** Sizes of a shape's circuit, as circom's r1cs states them. */
export interface ShapeCounts {
  readonly constraints: number;
  readonly wires: number;
  readonly committed: number;
}

/** Wires that every shape has: 1, sum, alpha, beta, and beta^2 to beta^31, with a constraint for each of these powers. */
const POWERS = 30;
const FRAME_WIRES = 4 + POWERS;

/** The circuit of one row of a chip: what the chips' tests compile too. */
function rowCircuit(chip: Chip): { name: string; source: string } {
  const shape = { name: `chip-${chip.name.replace(/[^A-Za-z0-9]/g, '-')}`, chips: { [chip.name]: 1 } };
  return { name: shape.name, source: mainCircuit(shape, { [chip.name]: chip }) };
}

/**
 * The counts of a chip from the circuit of one row of it. There the shape's sum is the row's own output when it has one, else the sum of
 * its outputs by one linear constraint.
 * @throws CircuitError
 */
export async function measureChip(chip: Chip, store: ArtifactStore = new ArtifactStore()): Promise<ChipCounts> {
  const { info } = await compileCircuit(rowCircuit(chip), store);
  const several = chip.outputs > 1;
  return {
    constraints: info.constraints - POWERS - (several ? 1 : 0),
    wires: info.wires - FRAME_WIRES + (several ? 0 : 1),
    cells: cellCount(chip),
  };
}

/** The counts of every chip, two compilers at a time. */
export async function measureChips(
  store: ArtifactStore = new ArtifactStore(),
  onChip: (name: string) => void = () => {},
): Promise<Readonly<Record<string, ChipCounts>>> {
  const limit = limiter(2);
  const measured = await settled(
    Object.values(CHIPS).map((chip) =>
      limit(async () => {
        const counts = await measureChip(chip, store);
        onChip(chip.name);
        return [chip.name, counts] as const;
      }),
    ),
  );
  return Object.fromEntries(measured);
}

/**
 * The sizes of a shape's circuit without compiling it: its rows', the powers of beta, and a linear constraint for each sum of more than
 * one term (`mainCircuit`): of a group of rows, and of all groups.
 */
export function shapeCounts(
  { chips }: Pick<ShapeSpec, 'chips'>,
  counts: Readonly<Record<string, ChipCounts>>,
  registry: ChipRegistry = CHIPS,
): ShapeCounts {
  let [constraints, wires, committed, groups] = [POWERS, FRAME_WIRES, 0, 0];
  for (const [name, rows] of Object.entries(chips)) {
    const { constraints: perRow, wires: perRowWires, cells } = counts[name]!;
    const sums = sumGroups(rows, registry[name]!).filter((terms) => terms > 1).length;
    constraints += rows * perRow + sums;
    wires += rows * perRowWires + sums;
    committed += rows * cells;
    groups += sumGroups(rows, registry[name]!).length;
  }
  // A sum of one term is that term: one wire less, no constraint.
  return groups > 1 ? { constraints: constraints + 1, wires, committed } : { constraints, wires: wires - 1, committed };
}
