import type { SerializedError } from '../../src/errors/base.js';
import type { About } from './types.js';

/** How a task left this worker. `known`: its result was there already. `stopped`: the worker closes, or the result is no longer wanted. */
export type TaskEnd = 'done' | 'known' | 'again' | 'handedBack' | 'failed' | 'stopped';

/** What a worker and its queue tell; one event a task. */
export type QueueEvent =
  | {
      readonly type: 'task';
      readonly job: string;
      readonly about: About;
      readonly stage: string;
      /** Which of the stage's tasks, from 1, and of how many. */
      readonly number: number;
      readonly of: number;
      readonly end: TaskEnd;
      readonly seconds: number;
      readonly error: SerializedError | null;
    }
  /** This worker takes no task for so long, since it lacks something. */
  | { readonly type: 'paused'; readonly seconds: number; readonly error: SerializedError }
  /** The queue's store does not answer; what is done is kept until it does. */
  | { readonly type: 'away'; readonly why: string }
  | { readonly type: 'back'; readonly seconds: number }
  /** Stored jobs that cannot be read, by their ids. */
  | { readonly type: 'damaged'; readonly jobs: readonly string[] };
