import type { Hex } from 'viem';
import { ArtifactError } from '../../src/errors/artifact.js';
import { UsageError } from '../../src/errors/usage.js';
import { buildKeySet, type KeySet, type KeySetProgress, loadKeySet } from '../../src/proof/keyset.js';
import { readShapes } from '../../src/proof/shapes.js';
import type { Output } from './output.js';

/** The value of `--key-set`. @throws UsageError `USAGE_KEY_SET` when there is no such key set */
export function keySetName(name: string): string {
  const known = Object.keys(readShapes());
  if (known.includes(name)) return name;
  throw new UsageError('USAGE_KEY_SET', `There is no key set "${name}".`, {
    hint: `circuits/shapes.json has: ${known.join(', ')}.`,
  });
}

/**
 * A key set from the cache; built when something of it is missing or changed in size, with progress. By hash it is checked where it is
 * read: by the stage that proves, and by `circuits setup`.
 * @throws UsageError `USAGE_KEY_SET`, and what building throws
 */
export async function readyKeySet(option: string, output: Output): Promise<KeySet> {
  const name = keySetName(option);
  try {
    return await loadKeySet(name, { check: [] });
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    if (error.code === 'ARTIFACT_CHANGED') output.step(`Damaged, and built again: ${error.details?.path}`);
  }
  output.step(`Building circuits and development keys (key set "${name}", once; cached afterwards)`);
  return buildKeySet(name, { onProgress: keyProgress(output) });
}

/**
 * {@link readyKeySet} of a deployment, which must be the one its verifier holds.
 * @throws UsageError `USAGE_DEPLOYMENT` when this machine's keys are others
 */
export async function checkedKeySet(
  { keySet: name, keySetHash }: { readonly keySet: string; readonly keySetHash: Hex },
  output: Output,
): Promise<KeySet> {
  const keySet = await readyKeySet(name, output);
  const { hash } = keySet;
  if (hash === keySetHash) return keySet;
  throw new UsageError(
    'USAGE_DEPLOYMENT',
    `The deployment's verifier has key set ${keySetHash}; "${name}" here is ${hash}.`,
    {
      hint: 'Use the version of this program that deployed it, and its keys.',
    },
  );
}

/** Shows {@link KeySetProgress}. */
export function keyProgress(output: Output): (progress: KeySetProgress) => void {
  return ({ step, shape, done }) => {
    const what = step === 'setup' ? `set-up of ${shape}` : `${step} ${shape}`;
    output.progress(what, Math.round(done * 100), 100);
  };
}
