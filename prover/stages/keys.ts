import { ArtifactError } from '../../src/errors/artifact.js';
import { type KeySet, loadKeySet } from '../../src/proof/keyset.js';
import type { ProofRequest } from './parts.js';

/**
 * The keys that a request names, from this machine's cache.
 * @param used numbers of the shapes whose circuits and proving keys the stage reads; of the others only the verifying keys count,
 * which the hash of the key set covers
 * @throws ArtifactError `ARTIFACT_OTHER_KEYS` when this machine has other ones under that name, `ARTIFACT_MISSING`, `ARTIFACT_CHANGED`
 */
export async function keysOf(
  { keySet: name, keySetHash }: Pick<ProofRequest, 'keySet' | 'keySetHash'>,
  used: readonly number[] = [],
): Promise<KeySet> {
  const keySet = await loadKeySet(name, { check: used });
  if (keySet.hash === keySetHash) return keySet;
  throw new ArtifactError('ARTIFACT_OTHER_KEYS', `The job is for key set ${keySetHash}, "${name}" is ${keySet.hash}.`, {
    hint: 'Whoever queued it has other circuits than this machine: let both run the same version, and queue it again.',
  });
}
