import type { Hex } from 'viem';
import { R } from '../bus/field.js';
import { ProofError } from '../errors/proof.js';
import type { ProofEngine } from './engine.js';
import type { KeyedShape } from './keyset.js';

/**
 * D = sum of cell_i * K_i: commits to the rows of one proof before any challenge exists, from the rows alone. Not hiding
 * and malleable by design (never an identifier). Infinity (zeros) when every cell is 0.
 * @param cells `shapeInputs(...).cells`, each in [0, r)
 * @throws ProofError `PROOF_INPUT`
 */
export async function commit(
  shape: KeyedShape,
  cells: readonly bigint[],
  engine: Pick<ProofEngine, 'commit'>,
): Promise<Hex> {
  if (cells.length !== shape.committed) {
    throw new ProofError('PROOF_INPUT', `The shape commits ${shape.committed} cells, not ${cells.length}.`);
  }
  const bad = cells.findIndex((cell) => cell < 0n || cell >= R);
  if (bad >= 0) throw new ProofError('PROOF_INPUT', `Cell ${bad} is ${cells[bad]}, not a field element below r.`);
  return engine.commit(shape, cells);
}
