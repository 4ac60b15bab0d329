import type { Hex } from 'viem';
import type { Challenge } from '../bus/tuple.js';
import { ProofError } from '../errors/proof.js';
import type { ProofEngine } from './engine.js';
import { proofsHold } from './equation.js';
import type { KeySet } from './keyset.js';
import { bn254, decodeG1, decodeG2 } from './points.js';
import type { ShapeInputs } from './shapes.js';
import type { ProofRecord } from './types.js';
import { calculateWitness, wireOf } from './witness.js';

/** One proof to make. */
export interface ProofTask {
  readonly keySet: KeySet;
  /** Number of the shape in the key set. */
  readonly shape: number;
  readonly inputs: ShapeInputs;
  /** `commit(shape, inputs.cells)`, which the challenge was drawn after. */
  readonly D: Hex;
  readonly challenge: Challenge;
}

/**
 * Witness, proof, and a check of the proof under the verifier's equation before anybody else sees it.
 * @throws ProofError `PROOF_INPUT` (no such shape), `PROOF_WITNESS`, `PROOF_ENGINE`, `PROOF_SELF_CHECK` (rows that no
 * assertion of the witness program refuses but a constraint does, a D of other rows, or a broken key)
 */
export async function proveShape(task: ProofTask, engine: ProofEngine): Promise<ProofRecord> {
  const { keySet, shape, inputs, D, challenge } = task;
  const keyed = keySet.shapes[shape];
  if (keyed === undefined) throw new ProofError('PROOF_INPUT', `Key set ${keySet.name} has no shape ${shape}.`);
  const witness = await calculateWitness(keyed.wasm, inputs.signals, challenge);
  const record = { shape, D, sum: wireOf(witness, 1), ...(await engine.prove(keyed.zkey, witness)) };
  const curve = await bn254();
  const [A, B] = [decodeG1(curve, record.A), decodeG2(curve, record.B)];
  const [C, committed] = [decodeG1(curve, record.C), decodeG1(curve, D)];
  const decoded = A && B && C && committed && { shape, sum: record.sum, A, B, C, D: committed };
  if (decoded === undefined || !(await proofsHold(curve, keySet, [decoded], challenge, 1n))) {
    throw new ProofError('PROOF_SELF_CHECK', `The fresh proof of shape ${keyed.spec.name} does not verify.`, {
      hint: 'Its rows violate a constraint, or D commits to other rows: check the rows with the witness checker.',
    });
  }
  return record;
}
