import { describe, expect, it } from 'vitest';
import { imbalances } from '../../src/bus/balance.js';
import { CHIPS } from '../../src/chips/index.js';
import type { Mode } from '../../src/proof/types.js';
import { trieRows } from '../../src/trace/trie/rows.js';
import { loadPaths } from '../../src/trie/load.js';
import type { TrieNode } from '../../src/trie/node.js';
import { hashedKey, StateTrie } from '../../src/trie/state.js';
import { trieTerms } from '../../src/trie/statement.js';
import { MemoryTrieStore, readerOf } from '../../src/trie/store.js';
import { randomOf, testSeed } from '../helpers/chips/random.js';
import { randomSlotCase } from '../helpers/trie/random-slots.js';
import { RandomState } from '../helpers/trie/random-states.js';
import { left, slotTrace } from '../helpers/trie/slot-trace.js';

const SLOT_CASES = 400;
const STATE_CASES = 150;

describe('trieRows and trieTerms', () => {
  const seed = testSeed();
  /** Rows by chip over all tests: every chip must have been used. */
  const used = new Map<string, number>();

  it(`balance for ${SLOT_CASES} random batches on storage tries, with only the nodes that loadPaths loads`, async () => {
    console.log(`trie rows: DELTAPROOF_SEED=${seed}`);
    for (let round = 0; round < SLOT_CASES; round++) {
      const random = randomOf(seed, `slots ${round}`);
      const { store, pre, post, slots } = await randomSlotCase(random, random.int(5) < 2 ? 'secure' : 'raw');
      const nodes = new Map<bigint, TrieNode>();
      const keys = slots.map(({ key }) => key);
      await loadPaths(
        store,
        [
          { root: pre, keys },
          { root: post, keys },
        ],
        nodes,
      );
      const trace = slotTrace(7n, pre, post, slots, readerOf(nodes));
      expect(left(trace), `round ${round}`).toEqual([]);
      for (const { chip } of trace.rows) used.set(chip, (used.get(chip) ?? 0) + 1);
    }
  });

  it(`balance for ${STATE_CASES} random batches on states with storage, in both modes`, async () => {
    for (let round = 0; round < STATE_CASES; round++) {
      const random = randomOf(seed, `state ${round}`);
      const state = new RandomState(random, 1 + random.int(12));
      const trie = new StateTrie(new MemoryTrieStore());
      if (random.int(8) > 0) state.batch();
      const preRoot = await trie.genesis(state.flat());
      const { accessList, slots } = state.batch();
      const postRoot = await trie.applyChanges(preRoot, accessList, slots);
      for (const mode of ['root', 'diff'] as const satisfies Mode[]) {
        const roots = mode === 'root' ? { preRoot, postRoot } : { preRoot };
        const nodes = await trie.nodesFor(Object.values(roots), accessList, slots);
        const { rows, hints, uses } = trieRows({ mode, ...roots, accessList, nodes, slots });
        const accounts = accessList.map(({ address, pre, post }, k) => ({
          key: `0x${hashedKey(address)}` as const,
          pre,
          post,
          ...hints[k]!,
          slots: (slots.get(address) ?? []).map((slot, j) => ({
            key: `0x${hashedKey(slot.slot)}` as const,
            pre: slot.pre,
            post: slot.post,
            ...hints[k]!.slots[j]!,
          })),
        }));
        const terms = trieTerms({ mode, ...roots, uses, accounts });
        const parts = rows.map(({ chip, row, origin }) => ({ origin, terms: CHIPS[chip]!.terms(row) }));
        expect(imbalances([{ origin: 'L1', terms }, ...parts]), `round ${round}, mode ${mode}`).toEqual([]);
        for (const { chip } of rows) used.set(chip, (used.get(chip) ?? 0) + 1);
      }
    }
  });

  it('every trie chip was used', () => {
    console.log('rows by chip', Object.fromEntries(used));
    const names = 'branch slotleaf accountleaf open2 open4 open8 ext nokey4 nokey8 void'.split(' ');
    expect(names.filter((name) => !used.has(name))).toEqual([]);
  });
});
