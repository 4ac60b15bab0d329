import { Queue } from 'bullmq';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testPipeline } from '../fixtures/queue/pipeline.js';
import { startRedis, type TestRedis } from '../helpers/redis.js';
import { Bench } from './bench.js';
import { queueConformance } from './conformance.js';

let redis: TestRedis;
let tests = 0;
const options = () => ({ redis: redis.url, prefix: `test-${tests++}`, patienceMs: 5_000, way: 'folder' as const });

queueConformance({
  name: 'BullMQ',
  // Every change waits for the disk here.
  parts: 500,
  start: async () => {
    redis = await startRedis();
  },
  options,
  stop: () => redis.stop(),
});

describe('BullMQ with several processes', () => {
  let bench: Bench;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());
  beforeEach(async () => {
    bench = await Bench.start(options());
  });
  afterEach(() => bench.close());

  it('shares one job among workers, every task run once', async () => {
    const queue = await bench.open();
    bench.control.script = (task) => (task.startsWith('commit') ? undefined : { do: 'ok' });
    await Promise.all([bench.host([], 1), bench.host([], 1)]);
    const id = await queue.submit(bench.request('a', 2));
    // Both at once, with one place per process: each process has one.
    const visits = await Promise.all([bench.control.visit('commit.0'), bench.control.visit('commit.1')]);
    for (const visit of visits) visit.tell({ do: 'ok' });
    expect(await queue.wait(id)).toMatchObject({ state: 'done', attempts: 6 });
    expect(bench.control.visits).toHaveLength(6);
  });

  it('cancels across processes', async () => {
    const queue = await bench.open();
    bench.control.script = () => undefined;
    await bench.host([], 1);
    const id = await queue.submit(bench.request('a'));
    const visit = await bench.control.visit('bundle');
    await queue.cancel(id);
    await visit.gone;
  });

  it('lets a stopped worker that wakes up late change nothing', async () => {
    const changes = { policy: { leaseMs: 2_000 } };
    const queue = await bench.open(changes);
    bench.control.script = () => undefined;
    const stopped = await bench.host([bench.request('a')], 1, changes);
    const id = (stopped.answer as { ids: string[] }).ids[0]!;
    const first = await bench.control.visit('bundle', 1);
    stopped.process.kill('SIGSTOP');
    await queue.work();
    const second = await bench.control.visit('bundle', 2);
    // The old child fails for good; its worker hears of it when it wakes up, with its lease long gone.
    first.tell({ do: 'fail', code: 'TEST_STALE', retryable: false });
    await first.gone;
    stopped.process.kill('SIGCONT');
    const other = await queue.submit(bench.request('b'));
    // The woken worker takes another job only after it is done with the stale one.
    const next = await bench.control.visit('bundle', 1, 'b');
    next.tell({ do: 'ok' });
    await queue.wait(other);
    expect(await queue.get(id)).toMatchObject({ state: 'active', error: null, attempts: 1 });
    second.tell({ do: 'ok' });
    expect(await queue.wait(id)).toMatchObject({ state: 'done', attempts: 1 });
  });

  it('goes on when Redis went away and came back', async () => {
    const queue = await bench.open();
    bench.control.script = (task) => (task === 'commit.0' ? undefined : { do: 'ok' });
    await bench.host([], 1);
    const id = await queue.submit(bench.request('a', 1));
    const waiting = queue.wait(id);
    const visit = await bench.control.visit('commit.0');
    await redis.crash();
    visit.tell({ do: 'ok' });
    await visit.gone;
    await expect(queue.get(id)).rejects.toMatchObject({ code: 'QUEUE_UNREACHABLE', retryable: true });
    await redis.restart();
    expect(await waiting).toMatchObject({ state: 'done' });
    expect(bench.control.starts()).toEqual(['trace', 'commit.0', 'prove.0', 'bundle']);
  });

  it('closes although Redis is away', async () => {
    const queue = await bench.open();
    bench.control.script = () => undefined;
    await queue.work();
    await queue.submit(bench.request('a'));
    const visit = await bench.control.visit('bundle');
    await redis.crash();
    await queue.close();
    await visit.gone;
    await redis.restart();
  });

  it('takes up a job whose tasks were never offered, or were removed from the dashboard', async () => {
    const queue = await bench.open();
    const id = await queue.submit(bench.request('a'));
    const tasks = new Queue('tasks-test', {
      connection: { url: redis.url },
      prefix: `test-${tests - 1}:${testPipeline.name}`,
    });
    expect(await tasks.count()).toBe(1);
    await tasks.obliterate({ force: true });
    await tasks.close();
    await queue.work();
    await queue.wait(id);
  });
});

it('names a Redis that is not there', async () => {
  const bench = await Bench.start({ redis: 'redis://:secret@127.0.0.1:1', patienceMs: 500 });
  try {
    const error = await bench.open().catch((reason: unknown) => reason as Error);
    expect(error).toMatchObject({ code: 'QUEUE_UNREACHABLE', retryable: true });
    expect((error as Error).message).toContain('ECONNREFUSED');
    expect((error as Error).message).not.toContain('secret');
  } finally {
    await bench.close();
  }
});
