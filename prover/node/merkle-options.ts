import { availableParallelism } from 'node:os';
import { choice, integer, setting } from '../config/options.js';
import type { MerkleOptions } from './node.js';
import { MERKLE_MODES } from './root-options.js';

/** Help of `--merkle`. */
export const MERKLE_OPTION = [
  `--merkle <${MERKLE_MODES.join('|')}>`,
  'when state roots are made: beside execution, after it, when asked for, or both ways and compared (DELTAPROOF_MERKLE, default optimistic)',
] as const;

/** Help of `--merkle-workers`. */
export const MERKLE_WORKERS_OPTION = [
  '--merkle-workers <n>',
  'threads that make state roots beside the one that executes, 0 to 16 (DELTAPROOF_MERKLE_WORKERS, default 2, of one core 0)',
] as const;

/**
 * How a node makes roots: `--merkle` and `--merkle-workers`, their variables, else the defaults.
 * @throws UsageError `USAGE_CHOICE`, `USAGE_INTEGER`
 */
export function merkleOptions(flags: {
  readonly merkle?: string;
  readonly merkleWorkers?: string;
}): Required<Pick<MerkleOptions, 'mode' | 'workers'>> {
  const workers = availableParallelism() > 1 ? '2' : '0';
  return {
    mode: choice('merkle', setting(flags.merkle, 'DELTAPROOF_MERKLE', 'optimistic'), MERKLE_MODES),
    workers: integer('merkle-workers', setting(flags.merkleWorkers, 'DELTAPROOF_MERKLE_WORKERS', workers), 0, 16),
  };
}
