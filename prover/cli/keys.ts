import { ArtifactError } from '../../src/errors/artifact.js';
import { buildKeySet, type KeySet, type KeySetProgress, loadKeySet } from '../../src/proof/keyset.js';
import type { Output } from './output.js';

/** A key set from the cache; built when something of it is missing or changed, with progress. */
export async function readyKeySet(name: string, output: Output): Promise<KeySet> {
  try {
    return await loadKeySet(name);
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
  }
  output.step(`Building circuits and development keys (key set "${name}", once; cached afterwards)`);
  return buildKeySet(name, { onProgress: keyProgress(output) });
}

/** Shows {@link KeySetProgress}. */
export function keyProgress(output: Output): (progress: KeySetProgress) => void {
  return ({ step, shape, done }) => {
    const what = step === 'compile' ? `compile ${shape}` : `set-up of ${shape}`;
    output.progress(what, Math.round(done * 100), 100);
  };
}
