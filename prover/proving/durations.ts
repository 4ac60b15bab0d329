import type { Job } from '../queue/types.js';

/** Seconds of each of a job's stages, from its first start to its last end. */
export function secondsByStage({ stages }: Pick<Job, 'stages'>): Record<string, number> {
  return Object.fromEntries(stages.map(({ name, durationMs }) => [name, (durationMs ?? 0) / 1000]));
}
