import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { exclusively } from '../../src/build/lock.js';
import { temporaryFolder } from '../fixtures/proof/pipeline.js';

/** The next reading of a file says when it has read, and comes back only when it may. */
const reading = vi.hoisted(() => ({ begins: undefined as (() => void) | undefined, ends: () => {} }));
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const readFile = async (path: string, encoding: 'utf8') => {
    const content = await real.readFile(path, encoding);
    const { begins } = reading;
    reading.begins = undefined;
    if (begins !== undefined) {
      await new Promise<void>((resolve) => {
        reading.ends = resolve;
        begins();
      });
    }
    return content;
  };
  return { ...real, readFile };
});

/** Above the highest process id of Linux. */
const DEAD = 2 ** 22 + 1;

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

describe('a lock', () => {
  it('that its holder left behind is not taken from whoever has taken it since', async () => {
    const path = join(folder.path, 'lock');
    writeFileSync(path, `${DEAD}@${hostname()}`);
    const order: string[] = [];
    // Finds it abandoned, and is slow to act on it.
    const read = new Promise<void>((resolve) => {
      reading.begins = resolve;
    });
    const slow = exclusively(path, async () => {
      order.push('slow');
    });
    await read;
    await exclusively(path, async () => {
      reading.ends();
      await sleep(300);
      order.push('quick');
    });
    await slow;
    expect(order).toEqual(['quick', 'slow']);
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('that was taken for abandoned stays with whoever has it now', async () => {
    const path = join(folder.path, 'lock');
    const order: string[] = [];
    let end: () => void = () => {};
    let second = Promise.resolve();
    await exclusively(path, async () => {
      // So long without a sign, as if this machine had slept.
      const then = Date.now() / 1000 - 61;
      utimesSync(path, then, then);
      await new Promise<void>((taken) => {
        second = exclusively(path, async () => {
          taken();
          await new Promise<void>((resolve) => {
            end = resolve;
          });
          order.push('second');
        });
      });
      order.push('first');
    });
    const third = exclusively(path, async () => {
      order.push('third');
    });
    await sleep(20);
    end();
    await Promise.all([second, third]);
    expect(order).toEqual(['first', 'second', 'third']);
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('is taken although whoever was about to remove it was killed', async () => {
    const path = join(folder.path, 'lock');
    const then = Date.now() / 1000 - 61;
    for (const name of [path, `${path}.abandoned`]) {
      writeFileSync(name, `${DEAD}@${hostname()}`);
      utimesSync(name, then, then);
    }
    expect(await exclusively(path, async () => 'taken')).toBe('taken');
    expect(readdirSync(folder.path)).toEqual([]);
  });
});
