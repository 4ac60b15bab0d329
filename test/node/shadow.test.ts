import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RootEvent } from '../../prover/node/root-options.js';
import { Roots } from '../../prover/node/roots.js';
import { replayBatch } from '../../src/execution/replay.js';
import { openMerkleiser } from '../../src/merkle/open.js';
import type { Merkleiser } from '../../src/merkle/types.js';
import { FlatState } from '../../src/state/flat-state.js';
import { type Announced, RootWorld } from '../helpers/root-world.js';

let world: RootWorld;
let made: Announced[];

beforeAll(async () => {
  world = new RootWorld('wrong');
  made = await world.batches(await world.node('source', { mode: 'off' }), 1);
}, 60_000);
afterAll(() => world.close());

/** Makes wrong roots where it works ahead. */
function wrongAhead(right: Merkleiser): Merkleiser {
  return new Proxy(right, {
    get(target, name) {
      if (name === 'prepare') {
        return async (...args: Parameters<Merkleiser['prepare']>) => {
          const made = await target.prepare(...args);
          return args[2] === true ? { ...made, root: made.root + 1n } : made;
        };
      }
      const member = target[name as keyof Merkleiser];
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

it('a wrong root is found in mode shadow: it is not stored, and nothing counts any more', async () => {
  const path = join(world.path, 'shadow');
  const state = await FlatState.open(join(path, 'state'), { genesis: world.genesis.state });
  const merkleiser = await openMerkleiser(join(path, 'trie'), { workers: 0 });
  const events: RootEvent[] = [];
  const roots = new Roots(state, wrongAhead(merkleiser), { mode: 'shadow', tell: (event) => events.push(event) });
  await roots.rootAfter(0n);
  const { batch } = made[0]!;
  const applied = await replayBatch(state.view(), batch, (await world.node('rules', { mode: 'off' })).rules);
  const ahead = roots.ahead(applied.replay.blockAccessList)!;
  await state.applyBatch(applied);
  ahead.decide(await state.batchHash(1n), true);
  await roots.settled();
  expect(events).toMatchObject([{ type: 'rootFailed', error: { code: 'TRIE_SHADOW' } }]);
  expect(await merkleiser.names()).toHaveLength(1);
  await expect(roots.rootAfter(1n)).rejects.toMatchObject({ code: 'TRIE_SHADOW' });
  await roots.close();
  await state.close();
});
