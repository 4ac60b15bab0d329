import { afterEach, expect, it } from 'vitest';
import { Kernel } from '../../src/engine/kernel.js';
import { Pool, type Task } from '../../src/engine/pool.js';

const STOPPED = { code: 'ENGINE_STOPPED' };
const open: Pool[] = [];
afterEach(() => Promise.all(open.splice(0).map((pool) => pool.close())));

function poolOf(size: number): { kernel: Kernel; pool: Pool } {
  const kernel = new Kernel();
  const pool = new Pool(kernel, size);
  open.push(pool);
  return { kernel, pool };
}

/** Writes the elements of n words. */
function conversion(kernel: Kernel, n: number): Task {
  const [words, elements] = [kernel.alloc(32 * n), kernel.alloc(36 * n)];
  return { cost: n, scratch: 0, call: () => ['fr_from_words', elements, words, n] };
}

/** Reads words at the last address that a pointer can be, which no memory here reaches; nothing waiting is dearer. */
const TRAP: Task = {
  cost: Number.MAX_SAFE_INTEGER,
  scratch: 0,
  call: () => ['fr_from_words', 0xffff_ff00, 0xffff_ff00, 1],
};

it('a call that traps rejects, with it all that waits, and all that is asked for later', async () => {
  const { kernel, pool } = poolOf(1);
  await pool.run(conversion(kernel, 4));
  const asked = [TRAP, ...Array.from({ length: 5 }, () => conversion(kernel, 4))].map((task) => pool.run(task));
  for (const result of await Promise.allSettled(asked)) {
    expect(result).toMatchObject({ status: 'rejected', reason: STOPPED });
  }
  await expect(pool.run(conversion(kernel, 4))).rejects.toMatchObject(STOPPED);
});

it('what waits when it is closed rejects, and all that is asked for later', async () => {
  const { kernel, pool } = poolOf(2);
  const asked = Promise.allSettled(Array.from({ length: 6 }, () => pool.run(conversion(kernel, 20_000))));
  await Promise.all([pool.close(), asked]);
  for (const result of await asked) expect(result).toMatchObject({ status: 'rejected', reason: STOPPED });
  await expect(pool.run(conversion(kernel, 1))).rejects.toMatchObject(STOPPED);
});
