import type { Pointer } from '../engine/kernel.js';

/**
 * Jobs of hashing in memory that threads share. A node is the arguments of the kernel's `fr_poseidon`; a job is a range of nodes; all in
 * numbers of 32 bits. Whoever takes part claims the next job, waits until the jobs are done that it depends on, runs it, and counts it as done
 * if nobody has: a job may be run twice, and gives the same.
 */
export interface JobList {
  readonly nodes: Pointer;
  readonly jobs: Pointer;
  /** How many jobs. */
  readonly total: number;
}

/** Numbers of a node: digest, inputs, how many inputs, partial rounds, constants. */
export const NODE_WORDS = 5;
/** Numbers of a job: its first node, the node behind its last, how many jobs (the first ones) must be done before, whether it is done. */
export const JOB_WORDS = 4;

/** Numbers at the start of the shared words: the next job to claim, the jobs that are done. */
export const NEXT = 0;
export const DONE = 1;
export const CONTROL_WORDS = 2;
