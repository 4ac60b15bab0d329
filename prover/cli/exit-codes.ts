import { ArtifactError } from '../../src/errors/artifact.js';
import { ProofError } from '../../src/errors/proof.js';

/** Exit codes of every command. */
export const EXIT = {
  done: 0,
  failed: 1,
  /** Wrong usage or configuration. */
  usage: 2,
  /** A proof, bundle or claim is invalid. */
  invalid: 3,
} as const;

/** Exit code of a failed command that was called rightly. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof ArtifactError) return EXIT.failed;
  return error instanceof ProofError ? EXIT.invalid : EXIT.failed;
}
