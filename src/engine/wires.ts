import type { ArtifactStore } from '../build/artifacts.js';
import type { Challenge } from '../bus/tuple.js';
import type { Violation } from './engine.js';
import { Kernel, WORD } from './kernel.js';
import { type KeyNames, PreparedKey } from './prepared-key.js';
import { solveCells } from './solve-cells.js';

/**
 * All wires of a circuit, 32 bytes each, for engines that take a witness as it is.
 * @param cells in the order of the committed wires, each in [0, r)
 * @throws ProofError `PROOF_INPUT` for another number of cells; ArtifactError `ARTIFACT_MISSING`, `ARTIFACT_CHANGED`; EngineError
 */
export async function solveWires(
  names: KeyNames,
  cells: readonly bigint[],
  challenge: Challenge,
  store: ArtifactStore,
): Promise<Uint8Array | Violation> {
  const kernel = new Kernel();
  const key = await PreparedKey.open(names, store);
  const { plan, witness, violated } = await solveCells(kernel, key, cells, challenge);
  return violated === undefined ? kernel.view(witness, plan.wires * WORD).slice() : { violated, plan };
}
