import { expect, it } from 'vitest';
import { Bench } from './bench.js';
import { queueConformance } from './conformance.js';

queueConformance({
  name: 'the embedded engine',
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
