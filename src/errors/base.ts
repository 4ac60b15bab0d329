/** Options of every deltaproof error. */
export interface DeltaproofErrorOptions {
  /** What the reader should do about it; appended to the message. */
  readonly hint?: string;
  /** Facts that identify the failing input, JSON-serialisable (bigints as decimal strings). */
  readonly details?: Readonly<Record<string, string | number | boolean | null>>;
  /** The error that led to this one. */
  readonly cause?: unknown;
}

/** What crosses a process border instead of an error object. */
export interface SerializedError {
  readonly name: string;
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
  readonly details?: Readonly<Record<string, string | number | boolean | null>>;
}

/**
 * Base of every error this project throws on purpose. `code` is stable (`<DOMAIN>_<WHAT>`), the message says what
 * happened with which input and, by `hint`, what to do. `retryable` tells a queue whether the same input may succeed
 * later (a machine was missing) or never will (the input is bad).
 */
export class DeltaproofError extends Error {
  readonly code: string;
  readonly details: DeltaproofErrorOptions['details'];
  /** Whether the same input may succeed later without anybody changing it. */
  readonly retryable: boolean = false;

  constructor(code: string, message: string, options: DeltaproofErrorOptions = {}) {
    super(options.hint === undefined ? message : `${message} ${options.hint}`, { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.details = options.details;
  }
}

/** An error whose code is one of its domain's; `docs/ERRORS.md` says of each what happened and what to do. */
export abstract class DomainError<Code extends string> extends DeltaproofError {
  declare readonly code: Code;

  constructor(code: Code, message: string, options: DeltaproofErrorOptions = {}) {
    super(code, message, options);
  }
}

/** The code of an error that is not this project's own. */
export type UnexpectedErrorCode = 'UNEXPECTED';

/** What a thrown value says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A form of any thrown value that survives JSON. Foreign errors become code `UNEXPECTED`, and may be retried. */
export function serializeError(error: unknown): SerializedError {
  if (error instanceof DeltaproofError) {
    const { name, code, message, retryable, details } = error;
    return details === undefined ? { name, code, message, retryable } : { name, code, message, retryable, details };
  }
  return {
    name: error instanceof Error ? error.name : 'Error',
    code: 'UNEXPECTED' satisfies UnexpectedErrorCode,
    message: messageOf(error),
    retryable: true,
  };
}
