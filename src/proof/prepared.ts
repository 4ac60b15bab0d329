import { ArtifactStore } from '../build/artifacts.js';
import { CHIPS } from '../chips/index.js';
import { prepareKey } from '../engine/prepare.js';
import type { KeyNames } from '../engine/prepared-key.js';
import { ArtifactError } from '../errors/artifact.js';
import { ProofError } from '../errors/proof.js';
import type { KeyedShape } from './keyset.js';
import type { ChipRegistry } from './shapes.js';

/** What engines take. */
export interface EngineOptions {
  /** Where prepared keys are. */
  readonly store?: ArtifactStore;
  /** Of the shapes, for what is said of a violated constraint. */
  readonly chips?: ChipRegistry;
}

/** The options with their defaults. */
export function engineOptions({ store = new ArtifactStore(), chips = CHIPS }: EngineOptions): Required<EngineOptions> {
  return { store, chips };
}

/**
 * Does what needs a shape's prepared key (src/engine/prepared-key.ts), which is made where there is none and made anew where it was damaged.
 * @throws ProofError `PROOF_INPUT` when the shape has no proving key; ArtifactError `ARTIFACT_CHANGED`
 */
export async function withPreparedKey<T>(
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
    if (!(error instanceof ArtifactError)) throw error;
    await prepareKey(names, { zkey, r1cs }, store);
    return work(names);
  }
}
