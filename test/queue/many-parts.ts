import { expect, it } from 'vitest';
import { ArtifactFolder } from '../../prover/queue/artifacts.js';
import type { JsonValue } from '../../prover/queue/json.js';
import type { TaskSpec } from '../../prover/queue/types.js';
import { testPipeline } from '../fixtures/queue/pipeline.js';
import type { Bench } from './bench.js';

/** As long as a commitment and a proof in hexadecimal. */
const RESULTS: Readonly<Record<string, JsonValue>> = { commit: 'c'.repeat(132), prove: 'p'.repeat(706) };

/** Notes what every task of a job returns, so that none needs a process, and yields its payloads. */
async function known(folder: ArtifactFolder, request: JsonValue, count: number): Promise<JsonValue[]> {
  const results = new Map<string, JsonValue>();
  const payloads: JsonValue[] = [];
  const parts = Array.from({ length: count }, (_, index) => ({ index, rows: String(index).padStart(64, '0') }));
  for (;;) {
    const step = testPipeline.next({ request, results });
    if ('done' in step) return payloads;
    for (const task of step.tasks) {
      const artifacts = task.stage === 'bundle' ? [await folder.put(Buffer.from('bundle'))] : [];
      const result = resultOf(task, parts, artifacts[0]);
      results.set(task.key, result);
      payloads.push(task.payload);
      await folder.remember(task.key, { result, artifacts });
    }
  }
}

function resultOf({ stage }: TaskSpec, parts: JsonValue, bundle: string | undefined): JsonValue {
  if (stage === 'trace') return { parts, shared: { plan: 'a'.repeat(64) } };
  return bundle === undefined ? RESULTS[stage]! : { bundle };
}

/** What a job of thousands of parts must not do: everything again for every part. */
export function manyPartsTests(bench: () => Bench, count: number): void {
  it(`brings ${count} parts to their end; what is kept of each does not grow with their number`, {
    timeout: 600_000,
  }, async () => {
    const request = bench().request('many', count) as unknown as JsonValue;
    const payloads = await known(new ArtifactFolder(bench().artifacts), request, count);
    expect(payloads).toHaveLength(2 * count + 2);
    expect(Math.max(...payloads.map((payload) => JSON.stringify(payload).length))).toBeLessThan(1_000);
    const queue = await bench().open();
    const id = await queue.submit(request);
    const worker = await queue.work({ concurrency: 8 });
    const seen: number[] = [];
    queue.onChange(({ progress }) => void seen.push(progress));
    const job = await queue.wait(id);
    expect(job).toMatchObject({ state: 'done', progress: 1, error: null });
    expect(job.stages.map(({ done }) => done)).toEqual([1, count, count, 1]);
    expect(bench().control.starts()).toEqual([]);
    // Told of thousands of parts, not of stages alone.
    expect(new Set(seen.map((progress) => Math.floor(progress * 100))).size).toBeGreaterThan(20);
    await worker.close();
  });
}
