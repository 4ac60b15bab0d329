import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ArtifactFolder } from '../../prover/queue/artifacts.js';
import { type Bench, until } from './bench.js';

/** What every engine must do when tasks fail; part of the conformance suite. `bench` yields the bench of the running test. */
export function failureTests(bench: () => Bench): void {
  const code = (expected: string) => expect.objectContaining({ code: expected });
  const count = (task: string) =>
    bench()
      .control.starts()
      .filter((start) => start === task).length;

  describe('failures', () => {
    it('fails at once where a retry is no use, stops the rest, and can be queued again', async () => {
      const queue = await bench().open();
      await queue.work({ concurrency: 3 });
      bench().control.script = (task, attempt) =>
        task.startsWith('commit') && attempt === 1 ? undefined : { do: 'ok' };
      const id = await queue.submit(bench().request('a', 3));
      const commits = await Promise.all([0, 1, 2].map((i) => bench().control.visit(`commit.${i}`)));
      commits[0]!.tell({ do: 'ok' });
      await until(queue, id, ({ stages }) => stages[1]!.done === 1);
      commits[1]!.tell({ do: 'fail', code: 'TEST_BAD_ROWS', retryable: false });
      await expect(queue.wait(id)).rejects.toMatchObject({
        code: 'TEST_BAD_ROWS',
        name: 'ScriptedError',
        retryable: false,
      });
      await commits[2]!.gone;
      expect(await queue.get(id)).toMatchObject({
        state: 'failed',
        artifact: null,
        error: { code: 'TEST_BAD_ROWS' },
      });
      expect(await queue.submit(bench().request('a', 3))).toBe(id);
      expect(await queue.get(id)).toMatchObject({ state: 'failed' });
      await queue.retry(id);
      expect(await queue.wait(id)).toMatchObject({ state: 'done', error: null });
      expect([count('trace'), count('commit.0'), count('commit.1'), count('commit.2')]).toEqual([1, 1, 2, 2]);
    });

    it('retries what may pass, up to a bound', async () => {
      const queue = await bench().open();
      await queue.work({ concurrency: 2 });
      bench().control.script = (_, attempt, job) =>
        job === 'passes' && attempt === 3 ? { do: 'ok' } : { do: 'fail', code: 'TEST_BUSY', retryable: true };
      const passes = await queue.submit(bench().request('passes'));
      const never = await queue.submit(bench().request('never'));
      expect(await queue.wait(passes)).toMatchObject({ state: 'done', attempts: 3 });
      await expect(queue.wait(never)).rejects.toEqual(code('TEST_BUSY'));
      expect(await queue.get(never)).toMatchObject({ state: 'failed', attempts: 3 });
      expect(bench().control.starts('never')).toHaveLength(3);
    });

    it('backs off longer each time', async () => {
      const queue = await bench().open({ policy: { backoffMs: 300, maxBackoffMs: 10_000 } });
      await queue.work();
      const ended: number[] = [];
      const began: number[] = [];
      bench().control.script = (_, attempt) => {
        began[attempt] = Date.now();
        void bench()
          .control.visits.at(-1)
          ?.gone.then(() => {
            ended[attempt] = Date.now();
          });
        return attempt < 3 ? { do: 'throw' } : { do: 'ok' };
      };
      await queue.wait(await queue.submit(bench().request('a')));
      expect(began[2]! - ended[1]!).toBeGreaterThanOrEqual(290);
      expect(began[3]! - ended[2]!).toBeGreaterThanOrEqual(590);
    });

    it('survives exit, kill and lack of memory of children', async () => {
      const queue = await bench().open({ runner: { heapMb: 64 } });
      const seen = new Set<string | undefined>();
      queue.onChange(({ error }) => seen.add(error?.code));
      await queue.work({ concurrency: 3 });
      const crashes = { x: 'exit', y: 'kill', z: 'oom' } as const;
      bench().control.script = (_, attempt, job) => ({ do: attempt === 1 ? crashes[job as 'x'] : 'ok' });
      const ids = await Promise.all(['x', 'y', 'z'].map((id) => queue.submit(bench().request(id))));
      for (const id of ids) expect(await queue.wait(id)).toMatchObject({ state: 'done', attempts: 2 });
      expect(seen).toEqual(new Set([undefined, 'TASK_CRASHED']));
    });

    it('ends a task that hangs', async () => {
      const queue = await bench().open({ policy: { maxAttempts: 1 }, runner: { timeoutMs: 5_000 } });
      await queue.work();
      bench().control.script = (_, attempt) => ({ do: attempt === 1 ? 'hang' : 'ok' });
      const id = await queue.submit(bench().request('a'));
      await expect(queue.wait(id)).rejects.toMatchObject({ code: 'TASK_TIMEOUT', retryable: true });
      await (await bench().control.visit('bundle')).gone;
      await queue.retry(id);
      await queue.wait(id);
    });

    it('is done only with its artifact', async () => {
      const queue = await bench().open({ policy: { maxAttempts: 2 } });
      await queue.work();
      bench().control.script = (_, attempt) => ({ do: attempt < 4 ? 'loseArtifact' : 'ok' });
      const id = await queue.submit(bench().request('a'));
      await expect(queue.wait(id)).rejects.toEqual(code('QUEUE_ARTIFACT_MISSING'));
      expect(await queue.get(id)).toMatchObject({ state: 'failed', artifact: null, attempts: 2 });
      await queue.retry(id);
      const job = await queue.wait(id);
      expect(count('bundle')).toBe(4);
      // Gone or damaged later: the same request makes it again.
      const folder = new ArtifactFolder(bench().artifacts);
      await rm(folder.path(job.artifact!));
      expect(await queue.submit(bench().request('a'))).toBe(id);
      expect((await queue.wait(id)).artifact).toBe(job.artifact);
      await writeFile(folder.path(job.artifact!), 'damaged');
      await queue.submit(bench().request('a'));
      await queue.wait(id);
      expect(count('bundle')).toBe(6);
      expect((await readFile(folder.path(job.artifact!))).toString()).toContain('bundle');
    });

    it('fails by name when artifacts cannot be written', async () => {
      const queue = await bench().open({ policy: { maxAttempts: 1 } });
      await mkdir(bench().artifacts, { recursive: true });
      await writeFile(join(bench().artifacts, 'data'), 'not a folder');
      await queue.work();
      const id = await queue.submit(bench().request('a'));
      const named = await until(queue, id, ({ error, finishedAt, handedBack }) => {
        return error?.code === 'QUEUE_ARTIFACT_UNWRITABLE' && (finishedAt !== null || handedBack > 0);
      });
      // Another machine may be able to; alone there is nobody to hand it to.
      expect(named).toMatchObject(
        bench().isShared ? { state: 'waiting', attempts: 0 } : { state: 'failed', attempts: 1 },
      );
      await rm(join(bench().artifacts, 'data'));
      if (!bench().isShared) await queue.retry(id);
      expect(await queue.wait(id)).toMatchObject({ state: 'done', attempts: 1 });
    });
  });
}
