import { afterEach, expect, it, vi } from 'vitest';
import { Hasher } from '../../src/merkle/hasher.js';
import { updateState } from '../../src/merkle/update.js';
import { manyChanges } from '../helpers/merkle/many.js';
import { MemoryNodes } from '../helpers/merkle/memory-nodes.js';

/** Every thread ends, by itself or by an error, when it has claimed its third job. */
const ends = vi.hoisted(() => ({ with: '' }));
vi.mock('../../src/merkle/hash-program.js', async (original) => {
  const { PROGRAM } = await original<typeof import('../../src/merkle/hash-program.js')>();
  const claimed = 'const at = job * JOB_WORDS;';
  if (!PROGRAM.includes(claimed)) throw new Error('the program has changed');
  return {
    get PROGRAM() {
      return PROGRAM.replace(claimed, `${claimed} if (ran === 2) ${ends.with};`);
    },
  };
});

const open: Hasher[] = [];
afterEach(() => Promise.all(open.splice(0).map((hasher) => hasher.close())));

const CHANGES = manyChanges(600);

it.each(['process.exit(1)', 'throw new Error("no more")'])(
  'a thread that ends with a claimed job (%s) loses nothing, and has a successor',
  async (how) => {
    const alone = new Hasher();
    ends.with = how;
    const hasher = new Hasher({ threads: 2, cores: 4 });
    open.push(alone, hasher);
    const expected = await updateState(new MemoryNodes(), CHANGES, alone);
    for (let i = 0; i < 20 && hasher.ended < 4; i++) {
      expect(await updateState(new MemoryNodes(), CHANGES, hasher)).toEqual(expected);
    }
    expect(hasher.ended).toBeGreaterThanOrEqual(4);
    // They died before they could tell of a job.
    expect(hasher.jobs).toEqual([0, 0]);
  },
  60_000,
);
