import type { Hex } from 'viem';
import type { Challenge } from '../bus/tuple.js';
import type { KeyedShape, ShapeFile } from './keyset.js';
import type { ShapeInputs } from './shapes.js';

/** A proof of a shape's rows: the sum of their tuples, and the points in EIP-196/197 bytes. */
export interface ShapeProof {
  readonly sum: bigint;
  readonly A: Hex;
  readonly B: Hex;
  readonly C: Hex;
}

/**
 * What computes commitments and proofs: the seam at which one prover takes another's place. It checks neither what it is given nor what it
 * makes: {@link commit} and {@link proveShape} do.
 */
export interface ProofEngine {
  readonly name: string;
  /** The files of a shape that it reads without a check of its own. */
  readonly reads: { readonly commit: readonly ShapeFile[]; readonly prove: readonly ShapeFile[] };
  /**
   * D = sum of cell_i * K_i, zeros for infinity.
   * @param cells as many as the shape commits, each in [0, r)
   * @throws ArtifactError `ARTIFACT_CHANGED` when a file of the shape's is not there
   */
  commit(shape: KeyedShape, cells: readonly bigint[]): Promise<Hex>;
  /**
   * @throws ProofError `PROOF_WITNESS` when the rows violate a constraint; `PROOF_ENGINE`, `PROOF_ENGINE_MISSING`
   * @throws ArtifactError `ARTIFACT_CHANGED` when a file of the shape's is not there
   */
  prove(shape: KeyedShape, inputs: ShapeInputs, challenge: Challenge): Promise<ShapeProof>;
  /** Ends whatever the engine keeps running. */
  close(): Promise<void>;
}
