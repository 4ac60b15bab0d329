import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** What one task's process used. */
export interface TaskMetrics {
  readonly stage: string;
  readonly seconds: number;
  /** CPU time of the whole process so far, its threads included. */
  readonly cpuSeconds: number;
  /** Largest resident set of the process, MiB. */
  readonly peakMiB: number;
}

/** Environment variable with the file that every task process appends its {@link TaskMetrics} to; off when not set. */
export const TASK_METRICS = 'DELTAPROOF_TASK_METRICS';

/** Runs a task's work and notes what its process used, when somebody asked for it. */
export async function measured<T>(stage: string, work: () => Promise<T>): Promise<T> {
  const file = process.env[TASK_METRICS];
  if (file === undefined || file === '') return work();
  const start = performance.now();
  try {
    return await work();
  } finally {
    const seconds = (performance.now() - start) / 1000;
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    const peakMiB = Math.round(maxRSS / 1024);
    const cpuSeconds = (userCPUTime + systemCPUTime) / 1e6;
    appendFileSync(file, `${JSON.stringify({ stage, seconds, cpuSeconds, peakMiB } satisfies TaskMetrics)}\n`);
  }
}

/** What tasks have noted in a file so far. */
export function readTaskMetrics(file: string): TaskMetrics[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as TaskMetrics);
}
