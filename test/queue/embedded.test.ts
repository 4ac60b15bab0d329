import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Level } from 'level';
import { expect, it, vi } from 'vitest';
import { EmbeddedEngine } from '../../prover/queue/embedded.js';
import type { StoredJob, StoredTask } from '../../prover/queue/record.js';
import { SeededRandom } from '../../src/samples/random.js';
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

it('with a damaged byte anywhere says so by name, or has each job as it was or not at all', async () => {
  const bench = await Bench.start({});
  // Always the same places: at some others LevelDB ends the process by an assertion (test/node/damage.test.ts).
  const random = new SeededRandom('job store 552588822');
  try {
    const whole = join(bench.folder, 'whole');
    const states = new Map<string, Set<string>>();
    // Opened again and again: what was in the log becomes a table.
    for (let round = 0; round < 3; round++) {
      const engine = await EmbeddedEngine.open(whole);
      for (let i = 0; i < 8; i++) {
        const task = {
          stage: 'prove',
          key: `${i}`,
          payload: random.hex(100),
          state: 'waiting',
        } as unknown as StoredTask;
        const job = { id: `job-${round}-${i}`, status: 'open', run: 1, tasks: [task] } as unknown as StoredJob;
        await engine.insert(job);
        await engine.update(job.id, (old) => ({ ...old, run: 2 }));
        states.set(job.id, new Set([JSON.stringify(job), JSON.stringify({ ...job, run: 2 })]));
      }
      await engine.close();
    }
    const files = readdirSync(whole).filter((name) => !name.startsWith('LOG') && name !== 'LOCK');
    for (let i = 0; i < 50; i++) {
      const copy = join(bench.folder, `copy-${i}`);
      cpSync(whole, copy, { recursive: true });
      const name = random.pick(files);
      const bytes = readFileSync(join(copy, name));
      const place = random.below(bytes.length);
      bytes[place]! ^= 1 << random.below(8);
      writeFileSync(join(copy, name), bytes);
      const engine = await EmbeddedEngine.open(copy).catch((error: unknown) => {
        expect(error, `${name} ${place}: ${error}`).toMatchObject({ code: expect.stringMatching(/^QUEUE_STORE_/) });
        return undefined;
      });
      for (const job of (await engine?.readAll('all')) ?? []) {
        expect(states.get(job.id), `${name} ${place}`).toContain(JSON.stringify(job));
      }
      await engine?.close();
      rmSync(copy, { recursive: true });
    }
  } finally {
    await bench.close();
  }
});
