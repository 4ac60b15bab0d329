import { expect, it } from 'vitest';
import { Kernel, kernelMemory } from '../../src/engine/kernel.js';

it('hands out aligned addresses, grows the memory, and takes them back', () => {
  const kernel = new Kernel();
  const mark = kernel.mark();
  const a = kernel.alloc(1);
  const b = kernel.alloc(65);
  expect([a % 64, b - a, kernel.alloc(0) - b]).toEqual([0, 64, 128]);
  const large = kernel.put(new Uint8Array(1 << 20).fill(7));
  expect(kernel.view(large + (1 << 20) - 1, 1)[0]).toBe(7);
  kernel.release(mark);
  expect(kernel.alloc(1)).toBe(a);
});

it('refuses what lies behind its region, and 4 GiB', () => {
  const memory = kernelMemory();
  const kernel = new Kernel(memory, { from: 1 << 20, to: (1 << 20) + (1 << 16) });
  const first = kernel.alloc(64);
  expect(first).toBeGreaterThanOrEqual(1 << 20);
  expect(() => kernel.alloc(1 << 16)).toThrow(expect.objectContaining({ code: 'ENGINE_MEMORY' }));
  expect(kernel.alloc(64)).toBe(first + 64);
  expect(() => new Kernel(memory, { from: 0, to: 4096 })).toThrow(expect.objectContaining({ code: 'ENGINE_MEMORY' }));
  expect(() => new Kernel().alloc(2 ** 32)).toThrow(expect.objectContaining({ code: 'ENGINE_MEMORY' }));
});

it('keeps the temporaries of instances over one memory apart', () => {
  const memory = kernelMemory(1 << 21);
  const [a, b] = [new Kernel(memory, { from: 0, to: 1 << 20 }), new Kernel(memory, { from: 1 << 20, to: 1 << 21 })];
  const before = memory.buffer.slice(1 << 20, 1 << 21);
  const [elements, words] = [a.alloc(36), a.put(new Uint8Array(32).fill(1))];
  a.call.fr_from_words(elements, words, 1);
  a.call.fr_batch_inverse(elements, 1, a.alloc(36));
  expect(Buffer.from(memory.buffer.slice(1 << 20, 1 << 21)).equals(Buffer.from(before))).toBe(true);
  expect(b.alloc(1)).toBeGreaterThanOrEqual(1 << 20);
});
