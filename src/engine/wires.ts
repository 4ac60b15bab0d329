import type { ArtifactStore } from '../build/artifacts.js';
import type { Challenge } from '../bus/tuple.js';
import type { Violation } from './engine.js';
import { Kernel, WORD } from './kernel.js';
import { putWords } from './points.js';
import { type KeyNames, PreparedKey } from './prepared-key.js';
import { Solver } from './solver.js';

/**
 * All wires of a circuit, 32 bytes each, for engines that take a witness as it is.
 * @param cells in the order of the committed wires, each in [0, r)
 * @throws ArtifactError `ARTIFACT_MISSING`, `ARTIFACT_CHANGED`; EngineError
 */
export async function solveWires(
  names: KeyNames,
  cells: readonly bigint[],
  challenge: Challenge,
  store: ArtifactStore,
): Promise<Uint8Array | Violation> {
  const plan = await (await PreparedKey.open(names, store)).plan();
  const kernel = new Kernel();
  const { witness, violated } = new Solver(kernel, plan).solve(putWords(kernel, cells), challenge);
  return violated === undefined ? kernel.view(witness, plan.wires * WORD).slice() : { violated, plan };
}
