import { describe, expect, it } from 'vitest';
import { testSeed } from '../helpers/chips/random.js';
import { FuzzCount } from './fuzz/count.js';
import { fuzzBatch } from './fuzz/run.js';
import { PROGRAMS } from './fuzz/world.js';

/** About a minute; `npm run fuzz` runs 1,000. */
const BATCHES = 40;
/** What so many of them do is counted: they are the same in every run. */
const COUNTED = 20;

describe(`${BATCHES * PROGRAMS} random programs`, () => {
  const seed = testSeed();
  console.log(`fuzz seed ${seed} (DELTAPROOF_SEED)`);

  it('do the same in the rows, in the replay and in an ordinary VM', { timeout: 600_000 }, async () => {
    const count = new FuzzCount();
    for (let index = 0; index < COUNTED; index++) count.add(await fuzzBatch(1, index, 1));
    for (let index = COUNTED; index < BATCHES; index++) await fuzzBatch(seed, index, 1);
    console.log(count.lines().join('\n'));
    expect(count.compared).toBeGreaterThan(0.9 * COUNTED);
    expect(count.ends.get('ok')).toBeGreaterThan(COUNTED / 4);
    expect(count.steps.size).toBeGreaterThan(100);
  });
});
