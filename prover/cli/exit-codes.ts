import { constants } from 'node:os';
import { InterruptError } from '../../src/errors/interrupt.js';
import { BundleError, VerificationError } from '../../src/errors/proof.js';
import { StatementError } from '../../src/errors/statement.js';
import { UsageError } from '../../src/errors/usage.js';

/** Exit codes of every command; a command that a signal stops ends with 128 + the signal's number (Ctrl-C: 130). */
export const EXIT = {
  done: 0,
  /** Bad input in a batch file, a job that failed, an L1, Redis or disk that does not do its part. */
  failed: 1,
  /** Wrong usage or configuration: arguments, options, environment variables, files that cannot be read or written. */
  usage: 2,
  /**
   * The bundle is no valid one: its file is not what FORMATS.md says (cut short, changed, written otherwise), or the verifier
   * refuses it. Never because of something around it: a verifier that cannot be asked is `failed`.
   */
  invalid: 3,
} as const;

/** The exit code of an error that ends a command. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof InterruptError) return codeOfSignal(error.signal);
  const judged = [BundleError, StatementError, VerificationError];
  return judged.some((kind) => error instanceof kind) ? EXIT.invalid : EXIT.failed;
}

/** The exit code of a process that a signal stopped, as shells count. */
export function codeOfSignal(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
