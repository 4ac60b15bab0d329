import type { ArtifactFolder } from '../queue/artifacts.js';
import type { JsonValue } from '../queue/json.js';
import type { TaskSpec } from '../queue/types.js';

/** What a task has to work with. */
export interface TaskContext {
  /** The shared folder. Artifacts that the task puts are recorded as its own: without them its result does not count. */
  readonly artifacts: Pick<ArtifactFolder, 'put' | 'get' | 'has' | 'path'>;
  /** Tells how far the task is, 0 to 1. */
  progress(fraction: number): void;
  /** Aborted when the result is no longer wanted. Shortly afterwards the process is ended with all its children. */
  readonly signal: AbortSignal;
}

/**
 * What a task module exports as `run`. It is called once in a child process of its own. Results are JSON (bytes go into
 * artifacts); a thrown `DeltaproofError` keeps its name, code, message and `retryable`.
 */
export type TaskFunction = (task: TaskSpec, context: TaskContext) => Promise<JsonValue>;

/**
 * What a task module may export as `prepare`. It is called in a process that has no task yet, and loads what the next one is likely to need.
 * What it throws is left to the task to find.
 * @param after stage of the task that was started last; null before the first
 */
export type PrepareFunction = (after: string | null) => Promise<void>;

/** From the worker to the child. */
export type ToChild =
  | { readonly type: 'prepare'; readonly module: string; readonly after: string | null }
  | { readonly type: 'run'; readonly task: TaskSpec; readonly module: string; readonly artifacts: string }
  /** The worker has looked for an artifact that the child asked for. */
  | { readonly type: 'looked'; readonly hash: string }
  | { readonly type: 'abort' };
