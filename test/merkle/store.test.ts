import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Level } from 'level';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildState } from '../../src/merkle/build.js';
import { NodeStore } from '../../src/merkle/node-store.js';
import { overlay } from '../../src/merkle/overlay.js';
import { randomOf, testSeed } from '../helpers/chips/random.js';
import { accountsOf, allNodes, type LineState, statesOf } from '../helpers/merkle/line.js';
import { sequentialUpdater } from '../helpers/merkle/sequential.js';

const seed = testSeed();
let folder: string;
let store: NodeStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deltaproof-tries-'));
  store = await NodeStore.open(folder);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

async function begin(first: LineState): Promise<void> {
  expect(await buildState(store, first.name, accountsOf(first.flat))).toBe(first.root);
}

async function commit(state: LineState, replace = false): Promise<void> {
  const { hashes, ...update } = await sequentialUpdater.update(store.at(store.head!.name), state.diff);
  expect(update.root, `DELTAPROOF_SEED=${seed}`).toBe(state.root);
  expect(hashes).toBeGreaterThanOrEqual(update.put.size);
  await store.commit(update, state.name, replace);
}

async function expectState(state: LineState): Promise<void> {
  const nodes = store.at(state.name);
  expect(nodes.root).toBe(state.root);
  expect(await allNodes(nodes), `DELTAPROOF_SEED=${seed} ${state.name}`).toEqual(state.nodes);
}

/** Keys of nodes on disk. */
async function storedKeys(): Promise<string[]> {
  await store.close();
  const db = new Level<string, string>(folder);
  const keys = await db.keys({ gte: 'n', lt: 'o' }).all();
  await db.close();
  store = await NodeStore.open(folder);
  return keys;
}

async function reopen(): Promise<void> {
  await store.close();
  store = await NodeStore.open(folder);
}

describe('a line of stored states', () => {
  it('is readable in every state, whatever is stored meanwhile, and holds the nodes of its head and no others', async () => {
    const states = statesOf(seed, 'store', 30);
    await begin(states[0]!);
    const early = store.at(states[0]!.name);
    for (const [i, state] of states.entries()) {
      if (i > 0) await commit(state);
      if (i % 7 === 0) expect(await allNodes(early)).toEqual(states[0]!.nodes);
    }
    for (const state of states) await expectState(state);
    const keys = await storedKeys();
    expect(keys).toEqual([...states.at(-1)!.nodes.keys()].sort());
    expect(store.states.map(({ name }) => name)).toEqual(states.map(({ name }) => name));
    for (const state of states) await expectState(state);
  });

  it('can be read while states are stored', async () => {
    const states = statesOf(seed, 'meanwhile', 12);
    await begin(states[0]!);
    const view = store.at(states[0]!.name);
    const reads: Promise<unknown>[] = [];
    for (const state of states.slice(1)) {
      reads.push(allNodes(view));
      await commit(state, state.name.endsWith('5'));
    }
    for (const nodes of await Promise.all(reads)) expect(nodes).toEqual(states[0]!.nodes);
  });

  it('can be taken back to any state, and goes on from there', async () => {
    const states = statesOf(seed, 'rollback', 20);
    const random = randomOf(seed, 'targets');
    await begin(states[0]!);
    let at = 0;
    for (let round = 0; round < 12; round++) {
      while (at + 1 < states.length) await commit(states[++at]!);
      const early = store.at(states[0]!.name);
      const late = store.at(states[at]!.name);
      at = random.int(at);
      const reading = allNodes(early);
      await store.rollback(states[at]!.name);
      expect(await reading).toEqual(states[0]!.nodes);
      await expectState(states[at]!);
      await expectState(states[random.int(at + 1)]!);
      await expect(late.getMany([{ trie: '', path: '' }])).rejects.toMatchObject({ code: 'TRIE_STATE_UNKNOWN' });
      if (round % 4 === 0) await reopen();
    }
    expect(await storedKeys()).toEqual([...states[at]!.nodes.keys()].sort());
  });

  it('forgets the oldest states', async () => {
    const states = statesOf(seed, 'prune', 15);
    await begin(states[0]!);
    for (const state of states.slice(1)) await commit(state);
    const gone = store.at(states[3]!.name);
    await store.prune(6);
    for (const state of states.slice(-6)) await expectState(state);
    expect(() => store.at(states[8]!.name)).toThrow(expect.objectContaining({ code: 'TRIE_STATE_UNKNOWN' }));
    await expect(gone.getMany([{ trie: '', path: '' }])).rejects.toMatchObject({ code: 'TRIE_STATE_UNKNOWN' });
    await expect(store.rollback(states[8]!.name)).rejects.toMatchObject({ code: 'TRIE_STATE_UNKNOWN' });
    await reopen();
    await store.rollback(states[9]!.name);
    await expectState(states[9]!);
    expect(store.states.map(({ name }) => name)).toEqual([states[9]!.name]);
    await store.prune(1);
    await commit(states[10]!, true);
    expect(store.states.map(({ name }) => name)).toEqual([states[10]!.name]);
    await expectState(states[10]!);
  });

  it('keeps no state of a head that is replaced, and the way back past it', async () => {
    const states = statesOf(seed, 'replace', 25);
    await begin(states[0]!);
    const kept = [states[0]!];
    for (const [i, state] of states.entries()) {
      if (i === 0) continue;
      const replace = i % 5 !== 1;
      await commit(state, replace);
      if (replace) kept.pop();
      kept.push(state);
    }
    expect(store.states.map(({ name }) => name)).toEqual(kept.map(({ name }) => name));
    await reopen();
    for (const state of kept) await expectState(state);
    expect(() => store.at(states[2]!.name)).toThrow(expect.objectContaining({ code: 'TRIE_STATE_UNKNOWN' }));
    await store.rollback(kept[1]!.name);
    await expectState(kept[1]!);
    expect(await storedKeys()).toEqual([...kept[1]!.nodes.keys()].sort());
  });

  it('takes no name twice', async () => {
    const [first, second] = statesOf(seed, 'names', 2);
    await begin(first!);
    await commit(second!);
    const update = { root: second!.root, put: new Map(), del: [], old: new Map() };
    await expect(store.commit(update, first!.name)).rejects.toMatchObject({ code: 'TRIE_NOT_NEXT' });
    await store.commit(update, second!.name, true);
    await expectState(second!);
    await expectState(first!);
  });
});

describe('an overlay', () => {
  it('gives the state after an update, and on others', async () => {
    const states = statesOf(seed, 'overlay', 8);
    await begin(states[0]!);
    let nodes = overlay(store.at(states[0]!.name), { root: states[0]!.root, put: new Map(), del: [] });
    for (const state of states.slice(1)) {
      nodes = overlay(nodes, await sequentialUpdater.update(nodes, state.diff));
      expect(nodes.root).toBe(state.root);
      expect(await allNodes(nodes)).toEqual(state.nodes);
    }
    await expect(nodes.getMany([{ trie: '', path: 'ffffffffff' }])).rejects.toMatchObject({
      code: 'TRIE_NODE_MISSING',
    });
    await expectState(states[0]!);
  });
});

describe('a store that is not whole', () => {
  it('is empty after an interrupted build, and is built anew over any content', async () => {
    const [first, second] = statesOf(seed, 'build', 2);
    await begin(first!);
    const broken = async function* () {
      yield* second!.flat.slice(0, 5);
      throw new Error('out of accounts');
    };
    await expect(buildState(store, second!.name, broken())).rejects.toThrow('out of accounts');
    expect(store.states).toEqual([]);
    await reopen();
    expect(store.states).toEqual([]);
    await begin(second!);
    await expectState(second!);
    expect(await storedKeys()).toEqual([...second!.nodes.keys()].sort());
  });

  it('is empty when its folder holds another format or files that cannot be read', async () => {
    const [first] = statesOf(seed, 'format', 1);
    await store.close();
    const db = new Level<string, string>(folder);
    await db.sublevel('trie').put('some', 'node');
    await db.close();
    store = await NodeStore.open(folder);
    expect(store.states).toEqual([]);
    await begin(first!);
    await reopen();
    await expectState(first!);
    await store.close();
    const { readdir, writeFile } = await import('node:fs/promises');
    for (const name of await readdir(folder)) {
      if (name.startsWith('MANIFEST')) await writeFile(join(folder, name), 'no manifest');
    }
    store = await NodeStore.open(folder);
    expect(store.states).toEqual([]);
    await begin(first!);
    await expectState(first!);
  });

  it('refuses a second owner', async () => {
    await expect(NodeStore.open(folder)).rejects.toMatchObject({ code: 'STATE_LOCKED', retryable: true });
  });
});
