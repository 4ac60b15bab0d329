import type { Hex } from 'viem';
import type { Challenge } from '../bus/tuple.js';
import { ProofError } from '../errors/proof.js';
import type { ProofEngine } from './engine.js';
import { proofsHold } from './equation.js';
import type { KeySet } from './keyset.js';
import { decodeG1, decodeG2 } from './points.js';
import type { ShapeInputs } from './shapes.js';
import type { ProofRecord } from './types.js';

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
 * @throws ProofError `PROOF_INPUT` (no such shape), `PROOF_WITNESS`, `PROOF_ENGINE`, `PROOF_ENGINE_MISSING`, `PROOF_SELF_CHECK` (a D of
 * other rows, a broken key, or an engine that errs)
 */
export async function proveShape(task: ProofTask, engine: ProofEngine): Promise<ProofRecord> {
  const { keySet, shape, inputs, D, challenge } = task;
  const keyed = keySet.shapes[shape];
  if (keyed === undefined) throw new ProofError('PROOF_INPUT', `Key set ${keySet.name} has no shape ${shape}.`);
  const record = { shape, D, ...(await engine.prove(keyed, inputs, challenge)) };
  const [A, B] = [decodeG1(record.A), decodeG2(record.B)];
  const [C, committed] = [decodeG1(record.C), decodeG1(D)];
  const decoded = A && B && C && committed && { shape, sum: record.sum, A, B, C, D: committed };
  if (decoded === undefined || !proofsHold(keySet, [decoded], challenge, 1n)) {
    throw new ProofError('PROOF_SELF_CHECK', `The fresh proof of shape ${keyed.spec.name} does not verify.`, {
      hint: 'D commits to other rows, the key is broken, or the engine errs: compare with --engine snarkjs.',
    });
  }
  return record;
}
