import type { Address } from 'viem';
import { describe, expect, it } from 'vitest';
import { type AccountAccess, EMPTY_ACCOUNT } from '../../src/batch/types.js';
import { digestOf } from '../../src/trie/digest.js';
import type { LeafValue, TrieNode } from '../../src/trie/node.js';
import type { Path } from '../../src/trie/path.js';
import { hashedKey, type SlotAccess, StateTrie } from '../../src/trie/state.js';
import { MemoryTrieStore, type TrieStore } from '../../src/trie/store.js';
import { randomOf, testSeed } from '../helpers/chips/random.js';
import { MptReference } from '../helpers/trie/mpt-reference.js';
import { account, RandomState } from '../helpers/trie/random-states.js';

const ROUNDS = 40;
const BATCHES = 8;

describe('StateTrie', () => {
  const seed = testSeed();

  it(`after ${BATCHES} random batches has the root of a fresh build`, async () => {
    console.log(`state tries: DELTAPROOF_SEED=${seed}`);
    for (let round = 0; round < ROUNDS; round++) {
      const random = randomOf(seed, `state ${round}`);
      const trie = new StateTrie(new MemoryTrieStore());
      const state = new RandomState(random, 1 + random.int(30));
      state.batch();
      const flat = [...state.flat()];
      let root = await trie.genesis(flat);
      for (let number = 1n; number <= BigInt(BATCHES); number++) {
        const { accessList, slots } = state.batch();
        root = await trie.applyChanges(root, accessList, slots, number);
      }
      const fresh = await new StateTrie(new MemoryTrieStore()).genesis(state.flat());
      expect(root, `round ${round}`).toBe(fresh);
      expect(await trie.rootOf(BigInt(BATCHES))).toBe(fresh);
    }
  });

  it('has the root of @ethereumjs/mpt for accounts with storage', async () => {
    const state = new RandomState(randomOf(seed, 'mpt'), 20);
    for (let i = 0; i < 3; i++) state.batch();
    const world = await MptReference.create();
    for (const { address, account: fields, storage } of state.flat()) {
      if (fields === EMPTY_ACCOUNT) continue;
      const tree = await MptReference.create();
      for (const [slot, value] of storage ?? []) await tree.put(hashedKey(slot), { kind: 'slot', value });
      await world.put(hashedKey(address), { kind: 'account', account: fields, storageRoot: tree.root() });
    }
    expect(await new StateTrie(new MemoryTrieStore()).genesis(state.flat())).toBe(world.root());
  });

  const [alice, bob] = [`0x${'a1'.repeat(20)}`, `0x${'b0'.repeat(20)}`] as const;
  const list = (address: Address, pre: bigint, post: bigint): AccountAccess[] => [
    {
      address,
      pre: pre === 0n ? EMPTY_ACCOUNT : account(pre, 1n),
      post: post === 0n ? EMPTY_ACCOUNT : account(post, 1n),
    },
  ];
  const slot = (pre: bigint, post: bigint): SlotAccess => ({ slot: `0x${'0'.repeat(63)}1`, pre, post });
  const world = async (store: TrieStore = new MemoryTrieStore()) => {
    const trie = new StateTrie(store);
    const storage = [[slot(0n, 0n).slot, 5n]] as const;
    return { trie, root: await trie.genesis([{ address: alice, account: account(1n, 1n), storage }]) };
  };

  it('has root 0 without accounts, and empty accounts are absent', async () => {
    const trie = new StateTrie(new MemoryTrieStore());
    expect(await trie.genesis([])).toBe(0n);
    expect(await trie.genesis([{ address: alice, account: EMPTY_ACCOUNT }])).toBe(0n);
  });

  it('keeps old states readable', async () => {
    const { trie, root } = await world();
    const next = await trie.applyChanges(root, list(alice, 1n, 2n));
    expect((await trie.account(root, alice))?.account.nonce).toBe(1n);
    expect((await trie.account(next, alice))?.account.nonce).toBe(2n);
    expect((await trie.account(next, alice))?.storageRoot).not.toBe(0n);
    expect(await trie.account(next, bob)).toBeNull();
  });

  it('writes nodes and root in one step', async () => {
    const writes: { nodes: number; roots: number }[] = [];
    class Watched extends MemoryTrieStore {
      override async write(
        nodes: Iterable<readonly [bigint, TrieNode]>,
        roots: Iterable<readonly [bigint, bigint]> = [],
      ): Promise<void> {
        const [n, r] = [[...nodes], [...roots]];
        writes.push({ nodes: n.length, roots: r.length });
        await super.write(n, r);
      }
    }
    const { trie, root } = await world(new Watched());
    writes.length = 0;
    await trie.applyChanges(
      root,
      [...list(alice, 1n, 2n), ...list(bob, 0n, 1n)],
      new Map([[alice, [slot(5n, 6n)]]]),
      1n,
    );
    expect(writes).toEqual([{ nodes: 4, roots: 1 }]);
  });

  it.each([
    ['TRIE_WRONG_PRE', 'another pre nonce', list(alice, 9n, 2n), []],
    ['TRIE_WRONG_PRE', 'present listed as absent', list(alice, 0n, 2n), []],
    ['TRIE_WRONG_PRE', 'absent listed as present', list(bob, 1n, 2n), []],
    ['TRIE_WRONG_PRE', 'another pre value of a slot', list(alice, 1n, 1n), [[alice, slot(4n, 6n)]]],
    ['TRIE_BAD_STATEMENT', 'removed, but its storage stays', list(alice, 1n, 0n), []],
    ['TRIE_BAD_STATEMENT', 'slots of an account that is not listed', list(bob, 0n, 1n), [[alice, slot(5n, 6n)]]],
  ] as const)('%s: %s', async (code, _, accesses, slots) => {
    const { trie, root } = await world();
    const storage = new Map(slots.map(([address, access]) => [address, [access]] as const));
    await expect(trie.applyChanges(root, accesses, storage)).rejects.toMatchObject({ code });
  });

  it('TRIE_ROOT_MISSING, TRIE_NODE_MISSING', async () => {
    const { trie } = await world();
    await expect(trie.rootOf(7n)).rejects.toMatchObject({ code: 'TRIE_ROOT_MISSING' });
    await trie.setRoot(7n, 123n);
    expect(await trie.rootOf(7n)).toBe(123n);
    const empty = new StateTrie(new MemoryTrieStore());
    await expect(empty.account(123n, alice)).rejects.toMatchObject({ code: 'TRIE_NODE_MISSING' });
  });

  it('refuses a slot leaf in the account trie', async () => {
    const store = new MemoryTrieStore();
    const leaf: { kind: 'leaf'; path: Path; value: LeafValue } = {
      kind: 'leaf',
      path: hashedKey(alice),
      value: { kind: 'slot', value: 1n },
    };
    await store.write([[digestOf(leaf), leaf]]);
    await expect(new StateTrie(store).account(digestOf(leaf), alice)).rejects.toMatchObject({ code: 'TRIE_BAD_NODE' });
  });
});
