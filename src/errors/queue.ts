import { DeltaproofError, type DeltaproofErrorOptions, type SerializedError } from './base.js';

/**
 * Jobs and their store: `QUEUE_STORE_LOCKED` (another process holds the embedded store), `QUEUE_STORE_OPEN`, `QUEUE_STORE_WRITE`
 * (e.g. its disk is full), `QUEUE_UNREACHABLE` (no Redis),
 * `QUEUE_CLOSED`, `QUEUE_BAD_REQUEST`, `QUEUE_JOB_UNKNOWN`, `QUEUE_JOB_STATE` (not possible in this state),
 * `QUEUE_JOB_CANCELLED`, `QUEUE_DEADLINE` (not finished in time), `QUEUE_PIPELINE` (a pipeline that names no new task).
 */
export class QueueError extends DeltaproofError {
  override readonly retryable: boolean;

  constructor(code: string, message: string, options: DeltaproofErrorOptions & { retryable?: boolean } = {}) {
    super(code, message, options);
    this.retryable = options.retryable ?? false;
  }
}

/**
 * One task's child process: `TASK_CRASHED` (it ended without a word: exit, signal, out of memory), `TASK_TIMEOUT`,
 * `TASK_LOST` (its workers died too often), `TASK_RESULT` (it returned what is not JSON), `TASK_MODULE` (the task module
 * cannot be loaded).
 */
export class TaskError extends DeltaproofError {
  override readonly retryable: boolean;

  constructor(code: string, message: string, retryable: boolean, options: DeltaproofErrorOptions = {}) {
    super(code, message, options);
    this.retryable = retryable;
  }
}

/**
 * Files of the shared artifact folder: `QUEUE_ARTIFACT_MISSING`, `QUEUE_ARTIFACT_CHANGED` (not what its name says),
 * `QUEUE_ARTIFACT_UNWRITABLE`. Retryable: the task that makes the artifact can make it again.
 */
export class ArtifactFileError extends DeltaproofError {
  override readonly retryable = true;
}

/** An error that came from another process or from the journal, with its own name, code and message. */
export class ForeignError extends DeltaproofError {
  override readonly retryable: boolean;

  constructor(error: SerializedError, options: DeltaproofErrorOptions = {}) {
    super(error.code, error.message, error.details === undefined ? options : { ...options, details: error.details });
    this.name = error.name;
    this.retryable = error.retryable;
  }
}
