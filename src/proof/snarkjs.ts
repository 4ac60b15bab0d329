import { buildBn128, type Curve } from 'ffjavascript';
import { groth16 } from 'snarkjs';
import type { Hex } from 'viem';
import { assertThere } from '../build/artifacts.js';
import { littleEndianAll } from '../bus/little-endian.js';
import { ProofError } from '../errors/proof.js';
import type { ProofEngine, ShapeProof } from './engine.js';
import { readCommitmentBases } from './keys.js';
import { g1FromMontgomery, proofFromSnarkjs } from './points.js';
import { type EngineOptions, engineOptions } from './prepared.js';
import { type Witness, wireOf, witnessOf } from './witness.js';

/** The curve that snarkjs leaves running, with a thread per core, for the next proof. */
const left = globalThis as { curve_bn128?: { terminate(): Promise<void> } | null };

/** The snarkjs engine, the reference. Only in a main thread: snarkjs crashes in worker threads. Close it, or the process never ends. */
export function snarkjsEngine(options: EngineOptions = {}): ProofEngine {
  return {
    name: 'snarkjs',
    reads: { commit: ['zkey'], prove: ['zkey'] },
    commit: ({ zkey }, cells) => commitByLibrary(zkey, cells),
    async prove(shape, inputs, challenge) {
      const witness = await witnessOf(shape, inputs, challenge, engineOptions(options));
      return { sum: wireOf(witness, 1), ...(await proveWitness(shape.zkey, witness)) };
    },
    async close() {
      await left.curve_bn128?.terminate();
    },
  };
}

/** A proof by snarkjs of a witness as it is. @throws ProofError `PROOF_ENGINE`; ArtifactError `ARTIFACT_CHANGED` when there is no such zkey */
export async function proveWitness(zkey: string, witness: Witness): Promise<Omit<ShapeProof, 'sum'>> {
  await assertThere(zkey);
  try {
    const { proof } = await groth16.prove(zkey, { type: 'mem', data: witness });
    return proofFromSnarkjs(proof);
  } catch (cause) {
    throw new ProofError('PROOF_ENGINE', `snarkjs cannot prove with ${zkey}: ${String(cause)}`, { cause });
  }
}

let curve: Promise<Curve> | undefined;

/** D of these cells by ffjavascript, in this thread alone, so that nothing has to be ended. */
export async function commitByLibrary(zkey: string, cells: readonly bigint[]): Promise<Hex> {
  curve ??= buildBn128(true);
  const { G1 } = await curve;
  const bases = await readCommitmentBases(zkey);
  const D = await G1.multiExpAffine(new Uint8Array(bases), new Uint8Array(littleEndianAll(cells)));
  return g1FromMontgomery(G1.toAffine(D));
}
