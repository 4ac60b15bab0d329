import type { StoredJob } from './record.js';

/** Everything in a job that may name an artifact. */
export function hashesOf({ request, tasks, artifact }: Pick<StoredJob, 'request' | 'tasks' | 'artifact'>): Set<string> {
  const text = JSON.stringify([request, tasks.map(({ payload, output }) => [payload, output]), artifact]);
  return new Set(text.match(/(?<=")[0-9a-f]{64}(?=")/g));
}
