import { describe, expect, it } from 'vitest';
import { shapesOf } from '../../src/proof/shapes.js';
import type { Path } from '../../src/trie/path.js';
import { MemoryTrieStore } from '../../src/trie/store.js';
import { type LeafChange, updateTrie } from '../../src/trie/update.js';
import { priceOfRows, pricesOf } from '../../src/work/price.js';
import { type Random, randomOf, testSeed } from '../helpers/chips/random.js';
import { left, type SlotChange, slotTrace, type Trace } from '../helpers/trie/slot-trace.js';

const PRICES = pricesOf(shapesOf('default').filter((shape) => shape.bulk === true));
const CASES = 60;
const ORDERS = 6;

/** What the rows of a trace cost. */
const costOf = ({ rows }: Trace) => rows.reduce((sum, { chip }) => sum + priceOfRows({ [chip]: 1 }, PRICES), 0);

/** How many nibbles keys share with others: what grinding makes, more than chance would. */
const SHARED = [
  [0, 1, 2, 3, 4, 5, 6],
  [2, 4, 6, 8],
  [0, 16, 31],
  [3, 4, 9, 10, 32],
  [5, 5, 6, 20],
] as const;

function randomKeys(random: Random, count: number): Path[] {
  const randomKey = () => random.bits(256).toString(16).padStart(64, '0');
  const depths = random.pick(SHARED);
  const keys = [randomKey()];
  while (keys.length < count) {
    const depth = random.pick<number>(depths);
    const key = random.pick(keys).slice(0, depth) + randomKey().slice(depth);
    if (!keys.includes(key)) keys.push(key);
  }
  return keys;
}

describe('keys of one trie', () => {
  // The units price a key by itself (src/work/places.ts): this is why that bounds a batch of many, in whatever tries they stand.
  it('never cost more together than one after the other in the worst order, those that are read first', async () => {
    const seed = testSeed();
    console.log(`many keys: DELTAPROOF_SEED=${seed}`);
    const random = randomOf(seed, 'many keys');
    for (let n = 0; n < CASES; n++) {
      const store = new MemoryTrieStore();
      const put = async (root: bigint, slots: readonly Pick<SlotChange, 'key' | 'post'>[]) => {
        const changes = slots.map(
          ({ key, post }): LeafChange => ({ key, value: post === 0n ? null : { kind: 'slot', value: post } }),
        );
        const after = updateTrie(root, changes, store.get);
        await store.write(after.nodes);
        return after.root;
      };
      const before = randomKeys(random, 2 + random.int(12)).map((key) => ({ key, post: random.pick([0n, 5n, 5n]) }));
      const pre = await put(
        0n,
        before.filter(({ post }) => post > 0n),
      );
      const listed = before
        .filter(() => random.bool())
        .map(({ key, post }): SlotChange => ({ key, pre: post, post: random.pick([0n, 0n, 5n, 7n]) }));
      const together = slotTrace(1n, pre, await put(pre, listed), listed, store.get);
      expect(left(together)).toEqual([]);
      let dearest = 0;
      for (let order = 0; order < ORDERS; order++) {
        const place = new Map(
          listed.map((slot) => {
            const removed = slot.post === 0n ? 1 : 0;
            return [slot, slot.pre === slot.post ? -1 : ([removed, 1 - removed][order] ?? random.int(100))];
          }),
        );
        let [root, cost] = [pre, 0];
        for (const slot of [...listed].sort((a, b) => place.get(a)! - place.get(b)!)) {
          const next = await put(root, [slot]);
          cost += costOf(slotTrace(1n, root, next, [slot], store.get));
          root = next;
        }
        dearest = Math.max(dearest, cost);
      }
      expect(costOf(together), `case ${n}`).toBeLessThanOrEqual(dearest + 1e-6);
    }
  });
});
