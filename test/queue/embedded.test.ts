import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

it('leaves out the job whose stored bytes are damaged, names it, and keeps the others', async () => {
  const bench = await Bench.start({});
  try {
    const job = (id: string) => ({ id, status: 'open', run: 1, tasks: [] }) as unknown as StoredJob;
    const engine = await EmbeddedEngine.open(bench.folder);
    await engine.insert(job('sound'));
    await engine.insert(job('other'));
    await engine.close();
    const level = new Level(bench.folder);
    const stored = (await level.get('job/other'))!;
    await level.put('job/other', stored.replace('"run":1', '"run":2'));
    await level.close();
    const again = await EmbeddedEngine.open(bench.folder);
    expect(again.damaged).toEqual(['other']);
    expect((await again.readAll('all')).map(({ id }) => id)).toEqual(['sound']);
    await again.insert(job('other'));
    expect(await again.read('other')).toEqual(job('other'));
    await again.close();
    const manifest = readdirSync(bench.folder).find((name) => name.startsWith('MANIFEST'))!;
    const bytes = readFileSync(join(bench.folder, manifest));
    bytes[10]! ^= 1;
    writeFileSync(join(bench.folder, manifest), bytes);
    await expect(EmbeddedEngine.open(bench.folder)).rejects.toMatchObject({ code: 'QUEUE_STORE_DAMAGED' });
  } finally {
    await bench.close();
  }
});
