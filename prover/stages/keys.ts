import { ArtifactError } from '../../src/errors/artifact.js';
import { buildShapes, type KeySet, loadKeySet, type ShapeFile } from '../../src/proof/keyset.js';
import type { ProofRequest } from './parts.js';

/** Share of a task's time that building a bulk shape may show as its progress. */
const BUILDING = 0.5;

/**
 * The keys that a request names, from this machine's cache; a bulk shape that is used for the first time is built.
 * @param used numbers of the shapes whose circuits and proving keys the stage reads; of the others only the verifying keys count,
 * which the hash of the key set covers
 * @param files what the stage reads of them, which is checked by hash
 * @throws KeyError `KEY_CHANGED`, CircuitError: of a bulk shape
 * @throws ArtifactError `ARTIFACT_OTHER_KEYS` when this machine has other ones under that name, `ARTIFACT_MISSING`, `ARTIFACT_CHANGED`
 */
export async function keysOf(
  { keySet: name, keySetHash }: Pick<ProofRequest, 'keySet' | 'keySetHash'>,
  used: readonly number[] = [],
  files: readonly ShapeFile[] = [],
  progress: (done: number) => void = () => {},
): Promise<KeySet> {
  const keySet = await loadKeySet(name, { check: used, files });
  if (keySet.hash === keySetHash) {
    const missing = used.filter((id) => keySet.shapes[id]?.spec.bulk === true);
    if (missing.length === 0) return keySet;
    const bulk = await buildShapes(name, missing, {
      files,
      onProgress: ({ step, done }) => progress(BUILDING * (step === 'setup' ? (1 + done) / 2 : done / 2)),
    });
    return { ...keySet, shapes: keySet.shapes.map((shape) => bulk.find(({ id }) => id === shape.id) ?? shape) };
  }
  throw new ArtifactError('ARTIFACT_OTHER_KEYS', `The job is for key set ${keySetHash}, "${name}" is ${keySet.hash}.`, {
    hint: 'Whoever queued it has other circuits than this machine: let both run the same version, and queue it again.',
  });
}
