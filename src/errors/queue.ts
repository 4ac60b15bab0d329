import { DeltaproofError, type DeltaproofErrorOptions, DomainError, type SerializedError } from './base.js';

/** Codes of {@link QueueError}. */
export type QueueErrorCode =
  | 'QUEUE_STORE_LOCKED'
  | 'QUEUE_STORE_OPEN'
  | 'QUEUE_STORE_WRITE'
  | 'QUEUE_STORE_DAMAGED'
  | 'QUEUE_UNREACHABLE'
  | 'QUEUE_REDIS_FULL'
  | 'QUEUE_REDIS_READ_ONLY'
  | 'QUEUE_REDIS_EVICTS'
  | 'QUEUE_REDIS_DISK'
  | 'QUEUE_REDIS_LOGIN'
  | 'QUEUE_OTHER_VERSION'
  | 'QUEUE_OTHER_FOLDER'
  | 'QUEUE_CLOSED'
  | 'QUEUE_BAD_REQUEST'
  | 'QUEUE_JOB_UNKNOWN'
  | 'QUEUE_JOB_GONE'
  | 'QUEUE_JOB_STATE'
  | 'QUEUE_JOB_CANCELLED'
  | 'QUEUE_DEADLINE'
  | 'QUEUE_PIPELINE';

/** Jobs and their store. */
export class QueueError extends DomainError<QueueErrorCode> {
  override readonly retryable: boolean;

  constructor(code: QueueErrorCode, message: string, options: DeltaproofErrorOptions & { retryable?: boolean } = {}) {
    super(code, message, options);
    this.retryable = options.retryable ?? false;
  }
}

/** Codes of {@link TaskError}. */
export type TaskErrorCode = 'TASK_CRASHED' | 'TASK_TIMEOUT' | 'TASK_LOST' | 'TASK_RESULT' | 'TASK_MODULE';

/** One task's child process. */
export class TaskError extends DomainError<TaskErrorCode> {
  override readonly retryable: boolean;

  constructor(code: TaskErrorCode, message: string, retryable: boolean, options: DeltaproofErrorOptions = {}) {
    super(code, message, options);
    this.retryable = retryable;
  }
}

/** Codes of {@link ArtifactFileError}. */
export type ArtifactFileErrorCode = 'QUEUE_ARTIFACT_MISSING' | 'QUEUE_ARTIFACT_CHANGED' | 'QUEUE_ARTIFACT_UNWRITABLE';

/** The code of {@link ArtifactSizeError}. */
export type ArtifactSizeErrorCode = 'QUEUE_ARTIFACT_TOO_LARGE';

/** Files of the shared artifact folder. Retryable: the task that makes the artifact can make it again. */
export class ArtifactFileError extends DomainError<ArtifactFileErrorCode> {
  override readonly retryable = true;
}

/** An artifact that the queue's store does not take: the same one never will be. */
export class ArtifactSizeError extends DomainError<ArtifactSizeErrorCode> {}

/** An error that came from another process or from the journal, with its own name, code and message. */
export class ForeignError extends DeltaproofError {
  override readonly retryable: boolean;

  constructor(error: SerializedError, options: DeltaproofErrorOptions = {}) {
    super(error.code, error.message, error.details === undefined ? options : { ...options, details: error.details });
    this.name = error.name;
    this.retryable = error.retryable;
  }
}
