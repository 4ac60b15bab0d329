import { Level } from 'level';
import { expect, it, vi } from 'vitest';
import { EmbeddedEngine } from '../../prover/queue/embedded.js';
import type { StoredJob, StoredTask } from '../../prover/queue/record.js';
import { Bench } from './bench.js';
import { queueConformance } from './conformance.js';

queueConformance({
  name: 'the embedded engine',
  // As many as proofs of the worst batch.
  parts: 2_500,
  start: async () => undefined,
  options: () => ({}),
  stop: async () => undefined,
});

it('refuses a second process on the same store by name', async () => {
  const bench = await Bench.start({});
  try {
    const queue = await bench.open();
    expect((await bench.host([], 1)).answer).toEqual({ code: 'QUEUE_STORE_LOCKED' });
    await expect(bench.open()).rejects.toMatchObject({ code: 'QUEUE_STORE_LOCKED' });
    await queue.close();
    expect((await bench.host([], 1)).answer).toEqual({ ids: [] });
  } finally {
    await bench.close();
  }
});

it('writes the one task that has changed, and finds the job again as it was', async () => {
  const bench = await Bench.start({});
  const write = vi.spyOn(Level.prototype, 'batch');
  try {
    const task = (i: number) => ({ stage: 'prove', key: `prove:${i}`, payload: 'x'.repeat(500), state: 'waiting' });
    const tasks = Array.from({ length: 2_500 }, (_, i) => task(i) as unknown as StoredTask);
    const job = { id: 'many', status: 'open', run: 1, tasks } as unknown as StoredJob;
    const engine = await EmbeddedEngine.open(bench.folder);
    await engine.insert(job);
    const done = (index: number) => (old: StoredJob) => ({
      ...old,
      tasks: old.tasks.map((one, i): StoredTask => (i === index ? { ...one, state: 'done' } : one)),
    });
    for (const index of [0, 7, 2_499]) await engine.update('many', done(index));
    const written = write.mock.calls.slice(1).map((call: unknown[]) => JSON.stringify(call[0]).length);
    expect(written).toHaveLength(3);
    expect(Math.max(...written)).toBeLessThan(1_500);
    const expected = await engine.read('many');
    await engine.close();
    const again = await EmbeddedEngine.open(bench.folder);
    expect(await again.read('many')).toEqual(expected);
    await again.update('many', (old) => ({ ...old, run: 2, tasks: old.tasks.slice(0, 3) }));
    await again.close();
    const last = await EmbeddedEngine.open(bench.folder);
    expect(await last.read('many')).toEqual({ ...expected, run: 2, tasks: expected!.tasks.slice(0, 3) });
    await last.close();
  } finally {
    write.mockRestore();
    await bench.close();
  }
});
