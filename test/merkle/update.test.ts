import { afterAll, expect, it } from 'vitest';
import { Hasher } from '../../src/merkle/hasher.js';
import { updateState } from '../../src/merkle/update.js';
import { randomOf, testSeed } from '../helpers/chips/random.js';
import { FlatState } from '../helpers/merkle/flat-state.js';
import { MemoryNodes } from '../helpers/merkle/memory-nodes.js';
import { randomChanges } from '../helpers/merkle/random-changes.js';
import { MptReference } from '../helpers/trie/mpt-reference.js';
import { keyPicker } from '../helpers/trie/random.js';

const hashers = [0, 1, 2].map((threads) => new Hasher({ threads, cores: 4 }));
afterAll(() => Promise.all(hashers.map((hasher) => hasher.close())));

const ROUNDS = 120;
const BATCHES = 15;

it(`has the nodes of tries built anew at their places, and the roots of @ethereumjs/mpt, in ${ROUNDS * BATCHES} states`, async () => {
  const seed = testSeed();
  console.log(`updates of states: DELTAPROOF_SEED=${seed}`);
  for (let round = 0; round < ROUNDS; round++) {
    const random = randomOf(seed, `state ${round}`);
    const pick = keyPicker(random, round % 2 === 0 ? 'raw' : 'secure');
    const state = new FlatState();
    const nodes = new MemoryNodes();
    const reference = await MptReference.create();
    for (let batch = 0; batch < BATCHES; batch++) {
      const changes = randomChanges(random, state, pick);
      const shuffled = [...changes].sort(() => random.int(3) - 1);
      const updated = await updateState(nodes, shuffled, hashers[batch % 3]!);
      nodes.apply(updated);
      state.apply(changes);
      const { root, placed } = state.build();
      expect(nodes.placed).toEqual(placed);
      expect(updated.root).toBe(root);
      const leaves = new Map(
        state.leaves((trie) => placed.get(`${trie}/`)?.digest ?? 0n).map((leaf) => [leaf.key, leaf.value]),
      );
      for (const { key } of changes) await reference.put(key, leaves.get(key) ?? null);
      expect(reference.root()).toBe(root);
    }
  }
}, 600_000);
