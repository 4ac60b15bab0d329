import { DeltaproofError } from './base.js';

/** The command that (re)builds circuits and keys; every message about them names it. */
export const REBUILD_COMMAND = 'deltaproof circuits setup';

/**
 * Files in the cache: `ARTIFACT_MISSING` (never built, or their inputs changed), `ARTIFACT_CHANGED` (not what was built),
 * `ARTIFACT_OTHER_KEYS` (a job is for keys that this machine does not have).
 */
export class ArtifactError extends DeltaproofError {
  /** A machine that has the artifacts, or has built them meanwhile, can do the same job. */
  override readonly retryable = true;
}
