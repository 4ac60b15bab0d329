import { describe, expect, it } from 'vitest';
import { ArtifactFolder } from '../../prover/queue/artifacts.js';
import { openQueue } from '../../prover/queue/open.js';
import { testPipeline } from '../fixtures/queue/pipeline.js';
import type { Bench } from './bench.js';

/** What every engine must do so that a job outlives what goes wrong around it; part of the conformance suite. */
export function lastingTests(bench: () => Bench): void {
  const code = (expected: string) => expect.objectContaining({ code: expected });

  describe('jobs that last', () => {
    it('are tried afresh when somebody asks again, unless their input is wrong', async () => {
      const queue = await bench().open({ policy: { maxAttempts: 1 } });
      await queue.work({ concurrency: 2 });
      bench().control.script = (_, attempt, job) =>
        attempt > 1 ? { do: 'ok' } : { do: 'fail', code: `TEST_${job}`, retryable: job === 'BUSY' };
      const [busy, wrong] = [bench().request('BUSY'), bench().request('WRONG')];
      const ids = [await queue.submit(busy), await queue.submit(wrong)] as const;
      await expect(queue.wait(ids[0])).rejects.toEqual(code('TEST_BUSY'));
      await expect(queue.wait(ids[1])).rejects.toEqual(code('TEST_WRONG'));
      expect(await queue.submit(busy)).toBe(ids[0]);
      expect(await queue.wait(ids[0])).toMatchObject({ state: 'done', error: null });
      expect(await queue.submit(wrong)).toBe(ids[1]);
      expect(await queue.get(ids[1])).toMatchObject({ state: 'failed' });
    });

    it('with a deadline are tried until then, however often they fail', async () => {
      const queue = await bench().open({ policy: { maxAttempts: 1 } });
      await queue.work();
      bench().control.script = (_, attempt) => (attempt < 4 ? { do: 'exit' } : { do: 'ok' });
      const id = await queue.submit(bench().request('a'), { deadline: Date.now() + 300_000 });
      expect(await queue.wait(id)).toMatchObject({ state: 'done', attempts: 4 });
    });

    it('with a deadline outlive the deaths of their workers', async () => {
      const policy = { leaseMs: 2_000, maxTakeovers: 0 };
      bench().control.script = (_, attempt) => (attempt === 1 ? undefined : { do: 'ok' });
      const queue = await bench().open({ policy });
      const id = await queue.submit(bench().request('a'), { deadline: Date.now() + 300_000 });
      await queue.close();
      const host = await bench().host([], 1, { policy });
      await bench().control.visit('bundle');
      await host.kill();
      const again = await bench().open({ policy });
      await again.work();
      expect(await again.wait(id)).toMatchObject({ state: 'done', takeovers: 1 });
    });

    it('go by deadline, then by priority', async () => {
      const queue = await bench().open();
      const now = Date.now();
      const hour = 3_600_000;
      const order = { later: { deadline: now + 2 * hour }, high: { priority: 100 }, first: { deadline: now + hour } };
      for (const [id, options] of Object.entries(order)) await queue.submit(bench().request(id), options);
      await queue.submit(bench().request('low'));
      await queue.work();
      await Promise.all((await queue.list()).map(({ id }) => queue.wait(id)));
      expect(bench().control.visits.map(({ job }) => job)).toEqual(['first', 'later', 'high', 'low']);
    });

    it('asked for again get the later deadline, and more names', async () => {
      const queue = await bench().open();
      const deadline = Date.now() + 60_000;
      const id = await queue.submit(bench().request('a'), { deadline, about: { batch: '3' } });
      await queue.submit(bench().request('a'), { deadline: deadline + 5, priority: 7, about: { game: '1' } });
      const about = { batch: '3', game: '1' };
      expect(await queue.get(id)).toMatchObject({ deadline: deadline + 5, priority: 7, about });
    });

    it('of another program version are other jobs, and left to their own workers', async () => {
      const queue = await bench().open();
      const id = await queue.submit(bench().request('a'));
      await queue.close();
      const newer = await openQueue({
        ...bench().options(),
        pipeline: { ...testPipeline, version: 'newer' },
        warn: () => {},
      });
      const other = await newer.submit(bench().request('a'));
      expect(other).not.toBe(id);
      await newer.work();
      await newer.wait(other);
      expect(await newer.get(id)).toMatchObject({ state: 'waiting', version: 'test', attempts: 0 });
      await newer.close();
    });

    it('are forgotten with their artifacts when they are closed and old enough', async () => {
      const queue = await bench().open();
      const worker = await queue.work();
      const job = await queue.wait(await queue.submit(bench().request('a', 2)));
      await worker.close();
      const open = await queue.submit(bench().request('open'));
      expect(await queue.prune(3_600_000)).toEqual({ jobs: 0, artifacts: 0 });
      expect(await new ArtifactFolder(bench().artifacts).has(job.artifact!)).toBe(true);
      expect((await queue.prune(0)).jobs).toBe(1);
      expect(await new ArtifactFolder(bench().artifacts).has(job.artifact!)).toBe(false);
      expect((await queue.list()).map(({ id }) => id)).toEqual([open]);
    });
  });
}
