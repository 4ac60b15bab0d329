import { describe, expect, it } from 'vitest';
import { change, changed2, dropped2, lie, pre, trace, updated, v1, v3 } from '../helpers/trie/forgery-world.js';
import { left } from '../helpers/trie/slot-trace.js';

const update = change('1', v1, v3);

describe('trieRows', () => {
  it.each([
    ['untouched child changed', changed2],
    ['untouched child dropped', dropped2],
  ])('refuses a post trie with an %s', (_, post) => {
    expect(() => trace(pre, post, update)).toThrow(expect.objectContaining({ code: 'TRIE_UNLISTED_CHANGE' }));
  });

  it('names the rows that do not balance', () => {
    const [first] = left(lie(pre, updated, [update], []));
    expect(first!.origins.join()).toMatch(/slotleaf at 1 \(depth 1\) of the trie 9, (pre|post) state/);
  });
});
