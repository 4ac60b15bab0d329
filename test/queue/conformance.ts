import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ArtifactFolder } from '../../prover/queue/artifacts.js';
import type { JsonValue } from '../../prover/queue/json.js';
import { Bench, type EngineOptions, until } from './bench.js';
import { failureTests } from './conformance-failures.js';
import { lastingTests } from './conformance-lasting.js';
import { manyPartsTests } from './many-parts.js';

/** One engine under test; `options` is asked once per test. */
export interface Conformance {
  readonly name: string;
  /** Parts of the largest job. */
  readonly parts: number;
  start(): Promise<void>;
  options(): EngineOptions;
  stop(): Promise<void>;
}

/** What every engine must do. */
export function queueConformance({ name, parts, start, options, stop }: Conformance): void {
  describe(`queue on ${name}`, () => {
    let bench: Bench;
    beforeAll(start);
    afterAll(stop);
    beforeEach(async () => {
      bench = await Bench.start(options());
    });
    afterEach(() => bench.close());

    const code = (expected: string) => expect.objectContaining({ code: expected });
    const count = (task: string, job?: string) => bench.control.starts(job).filter((start) => start === task).length;

    describe('jobs', () => {
      it('fans out after trace, proves after all commitments, and yields the bundle', async () => {
        const queue = await bench.open();
        await queue.work({ concurrency: 2 });
        const id = await queue.submit(bench.request('a', 2));
        const job = await queue.wait(id);
        expect(job).toMatchObject({ id, state: 'done', progress: 1, attempts: 6, error: null });
        expect(job.stages.map(({ name, tasks, done }) => [name, tasks, done])).toEqual([
          ['trace', 1, 1],
          ['commit', 2, 2],
          ['prove', 2, 2],
          ['bundle', 1, 1],
        ]);
        for (const stage of job.stages) expect(stage.durationMs).toBe(stage.finishedAt! - stage.startedAt!);
        const starts = bench.control.starts();
        expect(starts.slice(1, 3).sort()).toEqual(['commit.0', 'commit.1']);
        expect(starts.slice(3, 5).sort()).toEqual(['prove.0', 'prove.1']);
        const bundle = JSON.parse(Buffer.from(await new ArtifactFolder(bench.artifacts).get(job.artifact!)).toString());
        expect(bundle).toMatchObject({ stage: 'bundle', commitments: [{}, {}], proofs: [{}, {}] });
        expect(await queue.get(id)).toEqual(job);
      });

      it('takes the same request for the same job', async () => {
        const queue = await bench.open();
        const request = bench.request('a');
        const turned = Object.fromEntries(Object.entries(request).reverse());
        const ids = await Promise.all([queue.submit(request), queue.submit(turned), queue.submit(request)]);
        expect(new Set(ids).size).toBe(1);
        await queue.work({ concurrency: 2 });
        await queue.wait(ids[0]!);
        expect(await queue.submit(request)).toBe(ids[0]);
        expect(await queue.list()).toHaveLength(1);
        expect(bench.control.starts()).toEqual(['bundle']);
      });

      it('refuses bad input by name and goes on', async () => {
        const queue = await bench.open();
        const request = bench.request('a');
        const cyclic: { self?: unknown } = {};
        cyclic.self = cyclic;
        for (const bad of [undefined, 1n, Number.NaN, new Map(), cyclic, { f: () => 1 }]) {
          await expect(queue.submit(bad as JsonValue)).rejects.toEqual(code('QUEUE_BAD_REQUEST'));
        }
        await expect(queue.submit('no parts')).rejects.toEqual(code('USAGE_TEST_REQUEST'));
        await expect(queue.submit(null)).rejects.toEqual(code('USAGE_TEST_REQUEST'));
        for (const priority of [-1, 101, 0.5, Number.NaN]) {
          await expect(queue.submit(request, { priority })).rejects.toEqual(code('QUEUE_BAD_REQUEST'));
        }
        await expect(queue.submit(request, { deadline: 1 })).rejects.toEqual(code('QUEUE_BAD_REQUEST'));
        await expect(queue.work({ concurrency: 0 })).rejects.toEqual(code('QUEUE_BAD_REQUEST'));
        for (const id of ['0123', '', '../x', '__proto__']) {
          expect(await queue.get(id)).toBeUndefined();
          await expect(queue.cancel(id)).rejects.toEqual(code('QUEUE_JOB_UNKNOWN'));
          await expect(queue.retry(id)).rejects.toEqual(code('QUEUE_JOB_UNKNOWN'));
          await expect(queue.wait(id)).rejects.toEqual(code('QUEUE_JOB_UNKNOWN'));
        }
        expect(await queue.list()).toEqual([]);
        const id = await queue.submit(request);
        await expect(queue.retry(id)).rejects.toEqual(code('QUEUE_JOB_STATE'));
        await queue.work();
        await queue.wait(id);
        await expect(queue.cancel(id)).rejects.toEqual(code('QUEUE_JOB_STATE'));
      });

      it('fails a job whose stages return nonsense, and goes on', async () => {
        const queue = await bench.open();
        await queue.work({ concurrency: 2 });
        bench.control.script = (_, __, job) => ({ do: job === 'a' ? 'wrongShape' : job === 'b' ? 'notJson' : 'ok' });
        const a = await queue.submit(bench.request('a', 1));
        const b = await queue.submit(bench.request('b'));
        await expect(queue.wait(a)).rejects.toEqual(code('QUEUE_PIPELINE'));
        await expect(queue.wait(b)).rejects.toEqual(code('TASK_RESULT'));
        await queue.wait(await queue.submit(bench.request('c')));
      });

      it('lists by state, newest first', async () => {
        const queue = await bench.open();
        const a = await queue.submit(bench.request('a'));
        const b = await queue.submit(bench.request('b'));
        await queue.cancel(a);
        expect((await queue.list({ state: 'cancelled' })).map(({ id }) => id)).toEqual([a]);
        expect((await queue.list({ state: 'waiting' })).map(({ id }) => id)).toEqual([b]);
        expect(await queue.list({ state: 'done' })).toEqual([]);
        expect(await queue.list()).toHaveLength(2);
      });

      it('goes by priority', async () => {
        const queue = await bench.open();
        for (const [id, priority] of [
          ['low', 0],
          ['high', 100],
          ['middle', 7],
        ] as const) {
          await queue.submit(bench.request(id), { priority });
        }
        await queue.work({ concurrency: 1 });
        await Promise.all((await queue.list()).map(({ id }) => queue.wait(id)));
        expect(bench.control.visits.map(({ job }) => job)).toEqual(['high', 'middle', 'low']);
      });

      it('fails a job that misses its deadline and ends its children', async () => {
        const queue = await bench.open();
        bench.control.script = () => undefined;
        await queue.work();
        const late = await queue.submit(bench.request('late'), { deadline: Date.now() + 5_000 });
        await expect(queue.wait(late)).rejects.toEqual(code('QUEUE_DEADLINE'));
        await Promise.all(bench.control.visits.map(({ gone }) => gone));
        expect(await queue.get(late)).toMatchObject({ state: 'failed', artifact: null });
      });
    });

    failureTests(() => bench);
    lastingTests(() => bench);
    manyPartsTests(() => bench, parts);

    describe('control', () => {
      it('runs no more than its cap at once', async () => {
        const queue = await bench.open();
        bench.control.script = (task) => (task.startsWith('commit') ? undefined : { do: 'ok' });
        await queue.work({ concurrency: 2 });
        const id = await queue.submit(bench.request('a', 4));
        const commits = [1, 2, 3, 4].map((i) => bench.control.arrival(i));
        await Promise.all(commits.slice(0, 2));
        expect((await queue.get(id))?.stages[1]).toMatchObject({ tasks: 4, active: 2 });
        for (const commit of commits) (await commit).tell({ do: 'ok' });
        await queue.wait(id);
        expect(bench.control.peak).toBe(2);
      });

      it('shows progress', async () => {
        const queue = await bench.open();
        bench.control.script = () => undefined;
        await queue.work();
        const id = await queue.submit(bench.request('a'));
        const visit = await bench.control.visit('bundle');
        for (const value of [0.25, 0.75]) {
          visit.tell({ do: 'progress', value });
          const job = await until(queue, id, ({ stages }) => stages[3]!.progress === value);
          expect(job).toMatchObject({ state: 'active', progress: value / 4 });
        }
        visit.tell({ do: 'progress', value: 17 });
        await until(queue, id, ({ stages }) => stages[3]!.progress === 1);
        visit.tell({ do: 'ok' });
        await queue.wait(id);
      });

      it('stops running children on cancellation, and can start again', async () => {
        const queue = await bench.open();
        bench.control.script = (task, attempt) =>
          task.startsWith('commit') && attempt === 1 ? undefined : { do: 'ok' };
        await queue.work({ concurrency: 2 });
        const id = await queue.submit(bench.request('a', 2));
        const visits = await Promise.all([bench.control.visit('commit.0'), bench.control.visit('commit.1')]);
        const waiting = expect(queue.wait(id)).rejects.toEqual(code('QUEUE_JOB_CANCELLED'));
        expect(await queue.cancel(id)).toMatchObject({ state: 'cancelled', artifact: null });
        await Promise.all(visits.map(({ gone }) => gone));
        await waiting;
        await queue.retry(id);
        await queue.wait(id);
        expect(count('trace')).toBe(1);
      });

      it('ignores what a lost lease reports, good or bad', async () => {
        // The old children do not hear the abort and are given all the time they want.
        const queue = await bench.open({ runner: { graceMs: 60_000 } });
        bench.control.script = () => undefined;
        await queue.work({ concurrency: 3 });
        const id = await queue.submit(bench.request('a'));
        const first = await bench.control.visit('bundle', 1);
        await queue.cancel(id);
        await queue.retry(id);
        const second = await bench.control.visit('bundle', 2);
        await queue.cancel(id);
        await queue.retry(id);
        const third = await bench.control.visit('bundle', 3);
        first.tell({ do: 'fail', code: 'TEST_STALE', retryable: false });
        second.tell({ do: 'ok' });
        await Promise.all([first.gone, second.gone]);
        third.tell({ do: 'progress', value: 0.5 });
        const job = await until(queue, id, ({ stages }) => stages[3]!.progress === 0.5);
        expect(job).toMatchObject({ state: 'active', error: null });
        third.tell({ do: 'ok' });
        await queue.wait(id);
      });

      it('uses up no attempt by waiting, for a place or after its worker closed', async () => {
        const queue = await bench.open({ policy: { maxAttempts: 1 } });
        bench.control.script = (_, __, job) => (job === 'a' ? undefined : { do: 'ok' });
        const worker = await queue.work();
        const a = await queue.submit(bench.request('a'));
        const visit = await bench.control.visit('bundle');
        const b = await queue.submit(bench.request('b'));
        expect(await queue.get(b)).toMatchObject({ state: 'waiting', attempts: 0 });
        await worker.close();
        await visit.gone;
        expect(await queue.get(a)).toMatchObject({ state: 'waiting', attempts: 0, error: null });
        bench.control.script = () => ({ do: 'ok' });
        await queue.work();
        expect(await queue.wait(a)).toMatchObject({ attempts: 1 });
        expect(await queue.wait(b)).toMatchObject({ attempts: 1 });
      });

      it('computes everything again on a fresh retry, and nothing on an ordinary one', async () => {
        const queue = await bench.open();
        await queue.work();
        bench.control.script = (task, attempt) =>
          task === 'bundle' && attempt < 3 ? { do: 'fail', code: 'TEST_NO', retryable: false } : { do: 'ok' };
        const id = await queue.submit(bench.request('a', 1));
        await expect(queue.wait(id)).rejects.toEqual(code('TEST_NO'));
        await queue.retry(id);
        await expect(queue.wait(id)).rejects.toEqual(code('TEST_NO'));
        expect(bench.control.starts()).toEqual(['trace', 'commit.0', 'prove.0', 'bundle', 'bundle']);
        await queue.retry(id, { fresh: true });
        await queue.wait(id);
        expect(bench.control.starts().slice(5)).toEqual(['trace', 'commit.0', 'prove.0', 'bundle']);
      });

      it('leaves nothing running after close', async () => {
        const queue = await bench.open();
        bench.control.script = (task) => (task === 'trace' ? { do: 'ok' } : undefined);
        await queue.work({ concurrency: 2 });
        const id = await queue.submit(bench.request('a', 2));
        const visits = await Promise.all([bench.control.visit('commit.0'), bench.control.visit('commit.1')]);
        visits[0]!.tell({ do: 'hang' });
        const waiting = expect(queue.wait(id)).rejects.toEqual(code('QUEUE_CLOSED'));
        await queue.close();
        await waiting;
        await Promise.all(visits.map(({ gone }) => gone));
        for (const call of [queue.get(id), queue.submit(bench.request('b')), queue.work(), queue.list()]) {
          await expect(call).rejects.toEqual(code('QUEUE_CLOSED'));
        }
        const again = await bench.open();
        expect(await again.get(id)).toMatchObject({ state: 'waiting' });
      });

      it('stops waiting on a signal', async () => {
        const queue = await bench.open();
        const id = await queue.submit(bench.request('a'));
        const stop = new AbortController();
        const waiting = queue.wait(id, { signal: stop.signal });
        stop.abort(new Error('enough'));
        await expect(waiting).rejects.toThrow('enough');
        await expect(queue.wait(id, { signal: stop.signal })).rejects.toThrow('enough');
      });
    });

    it('takes over from a worker that was killed; nothing that finished runs again', async () => {
      const policy = { leaseMs: 2_000, maxAttempts: 1 };
      bench.control.script = (task, attempt) =>
        task === 'commit.0' || !task.startsWith('commit') || attempt > 1 ? { do: 'ok' } : undefined;
      const host = await bench.host([bench.request('a', 3)], 2, { policy });
      const id = (host.answer as { ids: string[] }).ids[0]!;
      const visits = await Promise.all([bench.control.visit('commit.1'), bench.control.visit('commit.2')]);
      visits[0]!.tell({ do: 'hang' });
      await host.kill();
      // Its children go with it, also one that does not listen.
      await Promise.all(visits.map(({ gone }) => gone));
      const queue = await bench.open({ policy });
      // There is no event when a lease runs out.
      const job = await vi.waitUntil(
        async () => {
          const found = await queue.get(id);
          return found?.state === 'active' ? undefined : found;
        },
        { timeout: 20_000, interval: 100 },
      );
      expect(job).toMatchObject({ state: 'waiting', error: null });
      expect(job.stages[1]).toMatchObject({ tasks: 3, done: 1, active: 0 });
      await queue.work({ concurrency: 2 });
      expect(await queue.wait(id)).toMatchObject({ state: 'done', attempts: 8 });
      const starts = ['trace', 'commit.0', 'commit.1', 'commit.2', 'prove.0', 'prove.1', 'prove.2', 'bundle'];
      expect(starts.map((task) => count(task))).toEqual([1, 1, 2, 2, 1, 1, 1, 1]);
    });

    it('gives up on a task that takes its worker down each time', async () => {
      const policy = { leaseMs: 2_000, maxTakeovers: 0 };
      bench.control.script = () => undefined;
      const host = await bench.host([bench.request('a')], 1, { policy });
      await bench.control.visit('bundle');
      await host.kill();
      const queue = await bench.open({ policy });
      await queue.work();
      const id = (host.answer as { ids: string[] }).ids[0]!;
      await expect(queue.wait(id)).rejects.toMatchObject({ code: 'TASK_LOST', retryable: false });
      expect(bench.control.starts()).toEqual(['bundle']);
    });
  });
}
