import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { QueueEvent } from '../../prover/queue/events.js';
import { type OpenQueueOptions, openQueue } from '../../prover/queue/open.js';
import { redisError } from '../../prover/queue/redis-errors.js';
import type { JobQueue } from '../../prover/queue/types.js';
import { testPipeline } from '../fixtures/queue/pipeline.js';
import { startRedis, type TestRedis } from '../helpers/redis.js';
import { Bench } from './bench.js';

let redis: TestRedis;
let admin: Redis;
let bench: Bench;
let tests = 0;
const events: QueueEvent[] = [];
const queues: JobQueue[] = [];
const code = (expected: string) => expect.objectContaining({ code: expected });

beforeAll(async () => {
  redis = await startRedis();
  admin = new Redis(redis.url);
  admin.on('error', () => undefined); // a test takes its server away
});
afterAll(async () => {
  admin.disconnect();
  await redis.stop();
});
beforeEach(async () => {
  bench = await Bench.start({ redis: redis.url, prefix: `trouble-${tests++}`, patienceMs: 5_000 });
  events.length = 0;
});
afterEach(async () => {
  await admin.replicaof('NO', 'ONE');
  await admin.config('SET', 'maxmemory', '0');
  await admin.config('SET', 'maxmemory-policy', 'noeviction');
  await Promise.all(queues.splice(0).map((queue) => queue.close()));
  await bench.close();
});

/** A machine of its own: its folder is nobody else's. */
async function machine(name: string, changes: Partial<OpenQueueOptions> = {}): Promise<JobQueue> {
  const queue = await openQueue({
    ...bench.options({ policy: { maxAttempts: 1 } }),
    artifacts: join(bench.folder, name),
    pipeline: testPipeline,
    warn: () => undefined,
    tell: (event) => events.push(event),
    ...changes,
  });
  queues.push(queue);
  return queue;
}

describe('a job that Redis has lost', () => {
  it('is named to who waits for it, its worker stops, and it can be queued again', async () => {
    const queue = await machine('a');
    await queue.work();
    bench.control.script = (_, attempt) => (attempt === 1 ? undefined : { do: 'ok' });
    const id = await queue.submit(bench.request('a'));
    const waiting = expect(queue.wait(id)).rejects.toMatchObject({ code: 'QUEUE_JOB_GONE', retryable: true });
    const visit = await bench.control.visit('bundle');
    await admin.flushall();
    await waiting;
    await visit.gone;
    expect(await queue.submit(bench.request('a'))).toBe(id);
    expect(await queue.wait(id)).toMatchObject({ state: 'done', attempts: 1 });
    expect(await queue.list()).toHaveLength(1);
  });
});

describe('machines that share no folder', () => {
  it('get what they need through Redis, which afterwards has the outcome alone', async () => {
    const [asker, worker, second] = [await machine('asker'), await machine('one'), await machine('two')];
    await Promise.all([worker.work(), second.work()]);
    const job = await asker.wait(await asker.submit(bench.request('a', 4)));
    expect(Buffer.from(await asker.artifacts.get(job.artifact!)).toString()).toContain('"stage":"bundle"');
    await vi.waitUntil(async () => (await admin.keys(`trouble-${tests - 1}:*:artifact:*`)).length === 1);
    const tasks = events.filter((event) => event.type === 'task');
    expect(tasks).toHaveLength(10);
    expect(tasks.at(-1)).toMatchObject({ stage: 'bundle', number: 1, of: 1, end: 'done', error: null });
  });

  it('refuse an artifact that is too large, by name', async () => {
    const queue = await machine('a', { artifactLimit: 20 });
    await queue.work();
    const id = await queue.submit(bench.request('a'));
    await expect(queue.wait(id)).rejects.toEqual(code('QUEUE_ARTIFACT_TOO_LARGE'));
  });

  it('refuse to work where the others share one', async () => {
    const queue = await machine('shared', { way: 'folder' });
    await queue.submit(bench.request('a'));
    await machine('shared', { way: 'folder' });
    await expect(machine('mistyped', { way: 'folder' })).rejects.toEqual(code('QUEUE_OTHER_FOLDER'));
    await expect(machine('shared')).rejects.toEqual(code('QUEUE_OTHER_FOLDER'));
  });

  it('hand a task back for which they lack something, and leave it to one that has it', async () => {
    const lacking = await machine('lacking');
    bench.control.script = (_, attempt) =>
      attempt === 1 ? { do: 'fail', code: 'ARTIFACT_MISSING', retryable: true } : { do: 'ok' };
    await lacking.work();
    const id = await lacking.submit(bench.request('a'));
    await vi.waitUntil(() => events.some(({ type }) => type === 'paused'), { timeout: 20_000 });
    await (await machine('sound')).work();
    expect(await lacking.wait(id)).toMatchObject({ state: 'done', attempts: 1, handedBack: 1 });
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'task', end: 'handedBack', error: code('ARTIFACT_MISSING') }),
    );
  });
});

describe('a Redis that does not do its part', () => {
  it('out of memory says so, keeps what is done, and goes on when there is room', async () => {
    const queue = await machine('a');
    await queue.work();
    bench.control.script = () => undefined;
    const id = await queue.submit(bench.request('a'));
    const visit = await bench.control.visit('bundle');
    await admin.config('SET', 'maxmemory', '1');
    await expect(queue.submit(bench.request('b'))).rejects.toMatchObject({ code: 'QUEUE_REDIS_FULL', retryable: true });
    visit.tell({ do: 'ok' });
    await visit.gone;
    await admin.config('SET', 'maxmemory', '0');
    expect(await queue.wait(id)).toMatchObject({ state: 'done' });
  });

  it('that throws keys away is refused', async () => {
    await admin.config('SET', 'maxmemory', '100mb');
    await admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
    await expect(machine('a')).rejects.toEqual(code('QUEUE_REDIS_EVICTS'));
    await admin.config('SET', 'maxmemory-policy', 'noeviction');
    await machine('a');
  });

  it('that is a replica is refused, and one that becomes one says so', async () => {
    const queue = await machine('a');
    await admin.replicaof('127.0.0.1', 1);
    await expect(queue.submit(bench.request('a'))).rejects.toEqual(code('QUEUE_REDIS_READ_ONLY'));
    await expect(machine('b')).rejects.toEqual(code('QUEUE_REDIS_READ_ONLY'));
  });

  it('that lets nobody in does not look like one that is not there', async () => {
    const other = redis.url.replace('redis://', 'redis://nobody:secret@');
    const refused = expect(machine('a', { redis: other })).rejects;
    await refused.toMatchObject({ code: 'QUEUE_REDIS_LOGIN', message: expect.not.stringContaining('secret') });
  });

  it('whose disk is full is named', () => {
    const said = new Error('MISCONF Redis is configured to save RDB snapshots, but it is unable to persist to disk.');
    expect(redisError(said)).toMatchObject({ code: 'QUEUE_REDIS_DISK', retryable: true });
  });

  it('that goes away and comes back is told once each', async () => {
    const queue = await machine('a');
    await queue.work();
    await redis.crash();
    await vi.waitUntil(() => events.some(({ type }) => type === 'away'), { timeout: 20_000 });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await redis.restart();
    await vi.waitUntil(() => events.some(({ type }) => type === 'back'), { timeout: 20_000 });
    await queue.wait(await queue.submit(bench.request('a')));
    expect(events.map(({ type }) => type).filter((type) => type !== 'task')).toEqual(['away', 'back']);
  });
});
