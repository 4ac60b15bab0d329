import { afterAll, expect, it } from 'vitest';
import { EMPTY_ACCOUNT, EMPTY_CODE_HASH } from '../../src/batch/types.js';
import type { AccountChange } from '../../src/merkle/change.js';
import { Hasher } from '../../src/merkle/hasher.js';
import type { Place, StateNodes } from '../../src/merkle/types.js';
import { updateState } from '../../src/merkle/update.js';
import { randomOf, testSeed } from '../helpers/chips/random.js';
import { FlatState } from '../helpers/merkle/flat-state.js';
import { MemoryNodes, nameOf } from '../helpers/merkle/memory-nodes.js';
import { randomChanges } from '../helpers/merkle/random-changes.js';
import { keyPicker } from '../helpers/trie/random.js';

const hasher = new Hasher();
afterAll(() => hasher.close());

const MISSING = { code: 'TRIE_NODE_MISSING' };
const BATCHES = 40;

/** The places that an update reads. */
async function readsOf(nodes: MemoryNodes, changes: readonly AccountChange[]): Promise<Place[]> {
  const read: Place[] = [];
  const watched: StateNodes = {
    root: nodes.root,
    getMany: (places) => {
      read.push(...places);
      return nodes.getMany(places);
    },
  };
  await updateState(watched, changes, hasher);
  return read;
}

it(`a missing node is an error, whichever of those it reads, in ${BATCHES} states`, async () => {
  const seed = testSeed();
  console.log(`missing nodes: DELTAPROOF_SEED=${seed}`);
  const random = randomOf(seed, 'missing');
  const state = new FlatState();
  const nodes = new MemoryNodes();
  const pick = keyPicker(random, 'raw');
  let checked = 0;
  for (let batch = 0; batch < BATCHES; batch++) {
    const changes = randomChanges(random, state, pick);
    const reads = await readsOf(nodes, changes);
    expect(new Set(reads.map(nameOf)).size).toBe(reads.length);
    for (const place of reads) {
      const name = nameOf(place);
      const node = nodes.placed.get(name)!;
      nodes.placed.delete(name);
      await expect(updateState(nodes, changes, hasher)).rejects.toMatchObject(MISSING);
      nodes.placed.set(name, node);
      checked++;
    }
    nodes.apply(await updateState(nodes, changes, hasher));
    state.apply(changes);
  }
  expect(checked).toBeGreaterThan(BATCHES);
}, 120_000);

const [A, B] = ['1', '2'].map((nibble) => nibble.repeat(64)) as [string, string];
const alive = (key: string): AccountChange => ({ key, fields: { balance: 1n }, slots: [] });

it('a branch that collapses onto a missing sibling is no empty root', async () => {
  const nodes = new MemoryNodes();
  nodes.apply(await updateState(nodes, [alive(A), alive(B)], hasher));
  nodes.placed.delete('/2');
  await expect(updateState(nodes, [{ key: A, fields: EMPTY_ACCOUNT, slots: [] }], hasher)).rejects.toMatchObject(
    MISSING,
  );
});

it.each<[string, readonly AccountChange[]]>([
  ['an account twice', [alive(A), alive(A)]],
  ['a slot twice', [{ ...alive(A), slots: [1n, 2n].map((value) => ({ key: B, value })) }]],
  ['storage of an account that is absent afterwards', [{ key: A, fields: {}, slots: [{ key: B, value: 1n }] }]],
])('%s is an error', async (_, changes) => {
  const error = { code: 'TRIE_BAD_STATEMENT' };
  await expect(updateState(new MemoryNodes(), changes, hasher)).rejects.toMatchObject(error);
});

it('an account that vanishes leaves no storage behind', async () => {
  const nodes = new MemoryNodes();
  const slots = [A, B].map((key) => ({ key, value: 1n }));
  nodes.apply(await updateState(nodes, [{ ...alive(A), slots }], hasher));
  const gone = { key: A, fields: { balance: 0n, nonce: 0n, codeHash: EMPTY_CODE_HASH } };
  await expect(updateState(nodes, [{ ...gone, slots: [] }], hasher)).rejects.toMatchObject({
    code: 'TRIE_BAD_STATEMENT',
  });
  nodes.apply(await updateState(nodes, [{ ...gone, slots: slots.map(({ key }) => ({ key, value: 0n })) }], hasher));
  expect(nodes.root).toBe(0n);
  expect(nodes.placed.size).toBe(0);
});
