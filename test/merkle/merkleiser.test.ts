import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hex } from 'viem';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { word } from '../../src/batch/bytes.js';
import { StateUnavailableError } from '../../src/errors/state.js';
import { TrieError } from '../../src/errors/trie.js';
import { NodeStore } from '../../src/merkle/node-store.js';
import { openMerkleiser } from '../../src/merkle/open.js';
import { nodeKey } from '../../src/merkle/record.js';
import type { Merkleiser } from '../../src/merkle/types.js';
import { decodeNode, encodeNode } from '../../src/trie/codec.js';
import { StateTrie } from '../../src/trie/state.js';
import { MemoryTrieStore } from '../../src/trie/store.js';
import { testSeed } from '../helpers/chips/random.js';
import { accountsOf, allNodes, statesOf } from '../helpers/merkle/line.js';

const seed = testSeed();
let folder: string;
let tries: Merkleiser;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deltaproof-tries-'));
});
afterEach(async () => {
  await tries.close();
  await rm(folder, { recursive: true });
});

describe.each([0, 1, 2])('tries with %i workers', (workers) => {
  beforeEach(async () => {
    tries = await openMerkleiser(folder, { workers });
  });

  it('store a line of states', async () => {
    const states = statesOf(seed, 'merkleiser', 12);
    expect(await tries.names()).toEqual([]);
    expect(await tries.build(states[0]!.name, accountsOf(states[0]!.flat))).toBe(states[0]!.root);
    for (const [i, state] of states.entries()) {
      if (i === 0) continue;
      const preparing = tries.prepare(states[i - 1]!.name, state.diff, true);
      tries.release();
      const { ticket, root, hashes, ms } = await preparing;
      expect(root, `DELTAPROOF_SEED=${seed}`).toBe(state.root);
      expect(hashes).toBeGreaterThan(0);
      expect(ms).toBeGreaterThan(0);
      await tries.commit(ticket, state.name);
    }
    expect(await tries.names()).toEqual(states.map(({ name }) => name));
    for (const { name, root } of states) expect(await tries.rootOf(name)).toBe(root);
    await tries.prune(4);
    expect(await tries.rootOf(states[7]!.name)).toBeUndefined();
    await tries.rollback(states[9]!.name);
    await tries.close();
    const store = await NodeStore.open(folder);
    expect(store.states.map(({ name }) => name)).toEqual([states[8]!.name, states[9]!.name]);
    expect(await allNodes(store.at(states[9]!.name))).toEqual(states[9]!.nodes);
    expect(await allNodes(store.at(states[8]!.name))).toEqual(states[8]!.nodes);
    await store.close();
  });

  it('prepare states on states that are not stored, and store them in order', async () => {
    const states = statesOf(seed, 'tickets', 5);
    await tries.build(states[0]!.name, accountsOf(states[0]!.flat));
    const tickets: number[] = [];
    for (const [i, state] of states.entries()) {
      if (i === 0) continue;
      const { ticket, root } = await tries.prepare(tickets.at(-1) ?? states[0]!.name, state.diff);
      expect(root).toBe(state.root);
      tickets.push(ticket);
    }
    await expect(tries.commit(tickets[1]!, states[2]!.name)).rejects.toMatchObject({ code: 'TRIE_NOT_NEXT' });
    await tries.commit(tickets[0]!, states[1]!.name);
    await tries.commit(tickets[1]!, states[2]!.name, true);
    await tries.drop(tickets[2]!);
    await expect(tries.prepare(tickets[2]!, [])).rejects.toMatchObject({ code: 'TRIE_STATE_UNKNOWN' });
    await expect(tries.commit(tickets[3]!, states[4]!.name)).rejects.toMatchObject({ code: 'TRIE_NOT_NEXT' });
    expect(await tries.names()).toEqual([states[0]!.name, states[2]!.name]);
    // What was made from an older state than the head is no way forward.
    const { ticket, root } = await tries.prepare(states[0]!.name, states[1]!.diff);
    expect(root).toBe(states[1]!.root);
    await expect(tries.commit(ticket, word(99n))).rejects.toMatchObject({ code: 'TRIE_NOT_NEXT' });
  });

  it('give the nodes around an access list, of any stored or prepared state', async () => {
    const states = statesOf(seed, 'around', 4);
    await tries.build(states[0]!.name, accountsOf(states[0]!.flat));
    for (const [i, { diff, name, accesses, slots }] of states.entries()) {
      if (i === 0) continue;
      const before = states[i - 1]!;
      const { ticket } = await tries.prepare(before.name, diff);
      const memory = new MemoryTrieStore();
      const reference = new StateTrie(memory);
      const root = await reference.genesis(before.flat);
      const post = await reference.applyChanges(root, accesses, slots);
      const around = (of: bigint) => reference.nodesAround([of], accesses, slots);
      expect(await tries.nodesAround(before.name, accesses, slots)).toEqual(await around(root));
      expect(await tries.nodesAround(ticket, accesses, slots)).toEqual(await around(post));
      await tries.commit(ticket, name);
      expect(await tries.nodesAround(before.name, accesses, slots)).toEqual(await around(root));
    }
  });

  it('notice a stored node that its parent does not name', async () => {
    const [first, second] = statesOf(seed, 'damage', 2);
    await tries.build(first!.name, accountsOf(first!.flat));
    await tries.close();
    const store = await NodeStore.open(folder);
    const { root } = store.at(first!.name);
    const [bytes] = await store.at(first!.name).getMany([{ trie: '', path: '' }]);
    const node = decodeNode(bytes!);
    if (node.kind !== 'branch') throw new Error('a state of 24 names has a branch on top');
    const children = node.children.map((child) => (child === 0n ? 0n : child + 1n));
    const top = nodeKey({ trie: '', path: '' });
    const put = new Map([[top, encodeNode({ kind: 'branch', children })]]);
    await store.commit({ root, put, del: [], old: new Map([[top, bytes!]]) }, word(7n));
    await store.close();
    tries = await openMerkleiser(folder, { workers });
    const reading = tries.nodesAround(word(7n), second!.accesses, second!.slots);
    await expect(reading).rejects.toMatchObject({ code: 'TRIE_STORE_DAMAGED' });
    await expect(tries.nodesAround(first!.name, second!.accesses, second!.slots)).resolves.toBeDefined();
    expect(await tries.build(second!.name, accountsOf(second!.flat))).toBe(second!.root);
    await expect(tries.nodesAround(second!.name, second!.accesses, second!.slots)).resolves.toBeDefined();
  });

  it('are empty after a build whose accounts fail, with their error', async () => {
    const [first] = statesOf(seed, 'failing', 1);
    const failing = async function* () {
      yield* first!.flat.slice(0, 3);
      throw new RangeError('no more accounts');
    };
    await expect(tries.build(first!.name, failing())).rejects.toThrow(RangeError);
    expect(await tries.names()).toEqual([]);
    expect(await tries.build(first!.name, accountsOf(first!.flat))).toBe(first!.root);
  });

  it('throw errors of their own classes', async () => {
    const unknown: Hex = word(5n);
    await expect(tries.prepare(unknown, [])).rejects.toBeInstanceOf(TrieError);
    await expect(tries.rollback(unknown)).rejects.toMatchObject({ code: 'TRIE_STATE_UNKNOWN', name: 'TrieError' });
    const other = await openMerkleiser(folder, { workers: 1 });
    const locked = other.names();
    await expect(locked).rejects.toBeInstanceOf(StateUnavailableError);
    await expect(locked).rejects.toMatchObject({ code: 'STATE_LOCKED', retryable: true });
    await tries.close();
    await expect(tries.names()).rejects.toMatchObject({ code: 'TRIE_STORE_CLOSED' });
    expect(await other.names()).toEqual([]);
    await other.close();
  });
});
