import { readR1cs } from '../../../src/build/r1cs.js';
import type { Columns, RowOf } from '../../../src/chips/chip.js';
import { Kernel } from '../../../src/engine/kernel.js';
import { planOf } from '../../../src/engine/plan.js';
import { PlanRunner } from '../engine/run-plan.js';
import { type ChipCircuit, cellsOfRow, holds, randomChallenge } from './circuit.js';
import type { Random } from './random.js';
import { ConstraintFailed } from './witness.js';

/** Rows with one cell changed, per honest row. */
const CHANGED = 6;

/**
 * Rows, padding and rows with a changed cell whose witness by the plan is not that of circom's witness program, where that has one. Where it has
 * none, the plan's may still be one (a hint of circom's may give up where another value would do): the constraints decide.
 */
export async function planFindings(
  circuit: ChipCircuit,
  rows: readonly RowOf<Columns>[],
  random: Random,
): Promise<string[]> {
  const plan = new PlanRunner(new Kernel(), planOf(await readR1cs(circuit.r1cs)));
  return [...rows, circuit.chip.padding].flatMap((row, i) => {
    const honest = cellsOfRow(circuit, row);
    const changed = Array.from({ length: CHANGED }, () => {
      const at = random.int(honest.length);
      return honest.map((cell, k) => (k === at ? random.pick([cell + 1n, 0n, 1n, random.field()]) : cell));
    });
    return [honest, ...changed].flatMap((cells, k) => {
      const challenge = randomChallenge(random);
      const expected = witnessOrNone(circuit, cells, challenge);
      if (expected === undefined && k === 0) return [`row ${i} is refused by the witness program`];
      const { witness, violated } = plan.run(cells, challenge);
      const name = `row ${i}${k === 0 ? '' : `, change ${k}`}`;
      const broken = circuit.constraints.findIndex((constraint) => !holds(constraint, witness));
      if ((violated ?? -1) !== broken) return [`${name}: ${violated} is said to be violated, but ${broken} is`];
      if (expected !== undefined && violated !== undefined) return [`${name}: only the plan violates ${violated}`];
      const wrong = expected?.findIndex((x, wire) => x !== witness[wire]) ?? -1;
      return wrong < 0 ? [] : [`${name}: wire ${circuit.nameOf(wrong)} differs`];
    });
  });
}

function witnessOrNone(
  { witness }: ChipCircuit,
  cells: readonly bigint[],
  challenge: Parameters<ChipCircuit['witness']>[1],
): readonly bigint[] | undefined {
  try {
    return witness(cells, challenge);
  } catch (error) {
    if (error instanceof ConstraintFailed) return undefined;
    throw error;
  }
}
