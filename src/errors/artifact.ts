import { DomainError } from './base.js';

/** The command that (re)builds circuits and keys; every message about them names it. */
export const REBUILD_COMMAND = 'deltaproof circuits setup';

/** Codes of {@link ArtifactError}. */
export type ArtifactErrorCode = 'ARTIFACT_MISSING' | 'ARTIFACT_CHANGED' | 'ARTIFACT_OTHER_KEYS';

/** Circuits and keys in the cache. */
export class ArtifactError extends DomainError<ArtifactErrorCode> {
  /** A machine that has the artifacts, or has built them meanwhile, can do the same job. */
  override readonly retryable = true;
}
