import { describe, expect, it } from 'vitest';
import { findLeaf, type LeafValue } from '../../src/trie/node.js';
import type { Path } from '../../src/trie/path.js';
import { MemoryTrieStore } from '../../src/trie/store.js';
import { type LeafChange, updateTrie } from '../../src/trie/update.js';
import { type Random, randomOf, testSeed } from '../helpers/chips/random.js';
import { buildAll } from '../helpers/trie/build.js';
import { MptReference } from '../helpers/trie/mpt-reference.js';
import { type KeyKind, keyPicker, randomAccount, randomSlot, secureKey } from '../helpers/trie/random.js';

const UPDATES = 10_000;

type Batch = ReadonlyMap<Path, LeafValue | null>;

/** Inserts, updates, deletes of present and absent keys, old values written again; sometimes everything is deleted. */
function randomBatch(
  random: Random,
  pick: () => Path,
  all: ReadonlyMap<Path, LeafValue>,
  value: (random: Random) => LeafValue,
): Batch {
  const batch = new Map<Path, LeafValue | null>();
  const deletes = random.int(8);
  const present = [...all.keys()];
  for (let i = random.int(40); i >= 0; i--) {
    const key = present.length > 0 && random.bool() ? random.pick(present) : pick();
    const old = all.get(key) ?? null;
    batch.set(key, random.int(10) < deletes ? null : random.int(10) === 0 ? old : value(random));
  }
  if (random.int(20) === 0) for (const key of present) batch.set(key, null);
  return batch;
}

/** Runs `batches` batches through both tries, comparing roots after each; returns the number of updates. */
async function compare(random: Random, kind: KeyKind, batches: number): Promise<number> {
  const value = random.int(3) === 0 ? randomAccount : randomSlot;
  const pick = keyPicker(random, kind);
  const store = new MemoryTrieStore();
  const reference = await MptReference.create();
  const all = new Map<Path, LeafValue>();
  let root = 0n;
  let updates = 0;
  for (let b = 0; b < batches; b++) {
    const batch = randomBatch(random, pick, all, value);
    const updated = updateTrie(
      root,
      [...batch].map(([key, value]): LeafChange => ({ key, value })),
      store.get,
    );
    await store.write(updated.nodes);
    root = updated.root;
    for (const [key, value] of batch) {
      await reference.put(key, value);
      if (value === null) all.delete(key);
      else all.set(key, value);
    }
    updates += batch.size;
    expect(root).toBe(reference.root());
  }
  const built = buildAll(all);
  expect(built.root).toBe(root);
  for (const [digest, node] of built.nodes) expect(store.nodes.get(digest)).toEqual(node);
  for (const [key, value] of all) expect(findLeaf(root, key, store.get)).toEqual(value);
  expect(findLeaf(root, secureKey('never inserted'), store.get)).toBeNull();
  return updates;
}

describe('updateTrie', () => {
  it(`has the roots of @ethereumjs/mpt over ${UPDATES} updates, and the nodes of a trie built at once`, async () => {
    const seed = testSeed();
    console.log(`updates against @ethereumjs/mpt: DELTAPROOF_SEED=${seed}`);
    let updates = 0;
    for (let round = 0; updates < UPDATES; round++) {
      const kind = round % 2 === 0 ? 'raw' : 'secure';
      updates += await compare(randomOf(seed, `update ${round}`), kind, 20);
    }
    expect(updates).toBeGreaterThanOrEqual(UPDATES);
  }, 600_000);

  const value: LeafValue = { kind: 'slot', value: 1n };
  const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(secureKey);
  const { root, nodes } = buildAll(new Map(keys.map((key) => [key, value])));
  const get = (digest: bigint) => nodes.get(digest)!;

  it('hashes nothing when nothing changes', () => {
    const same = [...keys.map((key) => ({ key, value })), { key: secureKey('absent'), value: null }];
    const updated = updateTrie(root, same, get);
    expect(updated.root).toBe(root);
    expect(updated.nodes.size).toBe(0);
  });

  it('deletes down to the empty trie', () => {
    expect(
      updateTrie(
        root,
        keys.map((key) => ({ key, value: null })),
        get,
      ).root,
    ).toBe(0n);
  });

  it('refuses a key that is changed twice', () => {
    const twice = [keys[0]!, keys[1]!, keys[0]!].map((key) => ({ key, value: null }));
    expect(() => updateTrie(root, twice, get)).toThrow(expect.objectContaining({ code: 'TRIE_BAD_STATEMENT' }));
  });

  it('refuses keys that share more than 62 nibbles', () => {
    const close = ['0', '1'].map((end) => ({ key: keys[0]!.slice(0, 63) + end, value }));
    expect(() => updateTrie(0n, close, get)).toThrow(expect.objectContaining({ code: 'TRIE_KEYS_TOO_CLOSE' }));
  });
});
