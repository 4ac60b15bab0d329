import { concat, type Hex, toHex } from 'viem';
import { ArtifactStore } from '../build/artifacts.js';
import { CHIPS } from '../chips/index.js';
import { Engine } from '../engine/engine.js';
import { prepareKey } from '../engine/prepare.js';
import type { KeyNames } from '../engine/prepared-key.js';
import { ArtifactError } from '../errors/artifact.js';
import { ProofError } from '../errors/proof.js';
import type { ProofEngine } from './engine.js';
import type { KeyedShape } from './keyset.js';
import type { ChipRegistry } from './shapes.js';
import { violationOf } from './violation.js';

/** How the engine runs. */
interface WasmOptions {
  /** Where prepared keys are. */
  readonly store?: ArtifactStore;
  /** By default as many as the machine runs at once. */
  readonly threads?: number;
  /** Of the shapes, for what is said of a violated constraint. */
  readonly chips?: ChipRegistry;
}

/**
 * This project's own engine (src/engine). What it reads is a prepared key, made of zkey and r1cs when a shape is used for the first time,
 * and compared with its hashes whenever it is read.
 */
export function wasmEngine({ store = new ArtifactStore(), threads, chips = CHIPS }: WasmOptions = {}): ProofEngine {
  const engine = new Engine(store, threads);
  return {
    name: 'wasm',
    reads: { commit: [], prove: [] },
    async commit(shape, cells) {
      return bytesOf(await prepared(shape, store, (names) => engine.commit(names, cells)));
    },
    async prove(shape, { cells }, challenge) {
      const proof = await prepared(shape, store, (names) => engine.prove(names, cells, challenge));
      if ('violated' in proof) throw violationOf(proof.plan, shape.spec, proof.violated, cells, chips);
      const [x0, x1, y0, y1] = proof.B as [bigint, bigint, bigint, bigint];
      return { sum: proof.sum, A: bytesOf(proof.A), B: bytesOf([x1, x0, y1, y0]), C: bytesOf(proof.C) };
    },
    close: () => engine.close(),
  };
}

/** Does what needs a prepared key, which is made first where there is none. */
async function prepared<T>(
  { spec, zkey, r1cs, zkeyHash, r1csHash }: KeyedShape,
  store: ArtifactStore,
  work: (names: KeyNames) => Promise<T>,
): Promise<T> {
  if (zkeyHash === undefined) {
    throw new ProofError('PROOF_INPUT', `Shape ${spec.name} has no proving key yet.`, {
      hint: 'A bulk shape is built when it is used for the first time: buildShapes.',
    });
  }
  const names = { zkeyHash, r1csHash };
  try {
    return await work(names);
  } catch (error) {
    if (!(error instanceof ArtifactError) || error.code !== 'ARTIFACT_MISSING') throw error;
    await prepareKey(names, { zkey, r1cs }, store);
    return work(names);
  }
}

/** Coordinates as EIP-196 and EIP-197 have them. */
function bytesOf(coordinates: readonly bigint[]): Hex {
  return concat(coordinates.map((x) => toHex(x, { size: 32 })));
}
