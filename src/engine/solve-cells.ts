import type { Challenge } from '../bus/tuple.js';
import { ProofError } from '../errors/proof.js';
import type { Kernel } from './kernel.js';
import type { Plan } from './plan.js';
import { putWords } from './points.js';
import type { PreparedKey } from './prepared-key.js';
import { type Solution, Solver } from './solver.js';

/**
 * The wires that follow from cells and challenge by a key's plan, in a kernel's memory.
 * @param cells in the order of the committed wires, each in [0, r)
 * @throws ProofError `PROOF_INPUT` for another number of cells; ArtifactError `ARTIFACT_CHANGED`
 */
export async function solveCells(
  kernel: Kernel,
  key: PreparedKey,
  cells: readonly bigint[],
  challenge: Challenge,
): Promise<Solution & { readonly plan: Plan }> {
  const plan = await key.plan();
  assertCount(cells, plan.committed);
  return { plan, ...new Solver(kernel, plan).solve(putWords(kernel, cells), challenge) };
}

/** @throws ProofError `PROOF_INPUT` */
export function assertCount(cells: readonly bigint[], expected: number): void {
  if (cells.length === expected) return;
  throw new ProofError('PROOF_INPUT', `The circuit commits ${expected} cells, not ${cells.length}.`);
}
