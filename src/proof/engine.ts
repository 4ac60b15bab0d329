import { groth16 } from 'snarkjs';
import type { Hex } from 'viem';
import { ProofError } from '../errors/proof.js';
import { bn254, g1FromSnarkjs, g2FromSnarkjs } from './points.js';
import type { Witness } from './witness.js';

/** The points of a Groth16 proof in EIP-196/197 bytes. */
export interface Groth16Points {
  readonly A: Hex;
  readonly B: Hex;
  readonly C: Hex;
}

/** Zkey and witness in, proof out: the seam at which a native prover can take snarkjs' place. */
export interface ProofEngine {
  readonly name: string;
  prove(zkey: string, witness: Witness): Promise<Groth16Points>;
  /** Ends whatever the engine keeps running. */
  close(): Promise<void>;
}

/** The curve that snarkjs leaves running, with a thread per core, for the next proof. */
const left = globalThis as { curve_bn128?: { terminate(): Promise<void> } | null };

/** The snarkjs engine. Only in a main thread: snarkjs crashes in worker threads. Close it, or the process never ends. */
export function snarkjsEngine(): ProofEngine {
  return {
    name: 'snarkjs',
    async prove(zkey, witness) {
      try {
        const { proof } = await groth16.prove(zkey, { type: 'mem', data: witness });
        const curve = await bn254();
        const [A, C] = [g1FromSnarkjs(curve, proof.pi_a), g1FromSnarkjs(curve, proof.pi_c)];
        return { A, B: g2FromSnarkjs(curve, proof.pi_b), C };
      } catch (cause) {
        throw new ProofError('PROOF_ENGINE', `snarkjs cannot prove with ${zkey}: ${String(cause)}`, { cause });
      }
    },
    async close() {
      await left.curve_bn128?.terminate();
    },
  };
}
