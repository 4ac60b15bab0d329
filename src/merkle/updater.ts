import type { DiffItem } from '../batch/diff.js';
import type { StateNodes, StateUpdate } from './types.js';

/**
 * When other threads than the owner's may work on an update: from when `flag[0]` is at least `number` on. Who raises it wakes the waiting
 * ones (`Atomics.notify`).
 */
export interface Gate {
  /** One number in shared memory. */
  readonly flag: Int32Array<SharedArrayBuffer>;
  readonly number: number;
}

/** Makes updates of states, one at a time. */
export interface Updater {
  /**
   * @param gate absent: all threads may work at once
   * @returns the update, and how many nodes were hashed
   */
  update(nodes: StateNodes, diff: readonly DiffItem[], gate?: Gate): Promise<StateUpdate & { readonly hashes: number }>;
  /** Ends its threads. */
  close(): Promise<void>;
}
