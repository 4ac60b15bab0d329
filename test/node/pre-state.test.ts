import { afterAll, beforeAll, expect, it } from 'vitest';
import type { L2Node } from '../../prover/node/node.js';
import type { StateView } from '../../src/state/view.js';
import { RootWorld } from '../helpers/root-world.js';

/** A record of the flat state that was changed behind the node's back shows before anything is proven or staked on it. */
let world: RootWorld;
let node: L2Node;
beforeAll(async () => {
  world = new RootWorld('pre-state');
  node = await world.node('honest', { mode: 'off' });
  await world.batches(node, 3);
}, 60_000);
afterAll(() => world?.close());

/** The node's truth when its state before batch `number` reads so. */
async function truthWith(number: bigint, change: (view: StateView) => Partial<StateView>): Promise<unknown> {
  const { asOf } = node.state;
  node.state.asOf = (async (at: bigint) => {
    const view = await asOf.call(node.state, at);
    const through: StateView = {
      account: (address) => view.account(address),
      slot: (address, key) => view.slot(address, key),
      code: (hash) => view.code(hash),
      accounts: () => view.accounts(),
      slots: (address) => view.slots(address),
    };
    return at === number - 1n ? { ...through, ...change(view) } : view;
  }) as unknown as typeof asOf;
  try {
    return await node.truth(number, 'diff');
  } finally {
    node.state.asOf = asOf;
  }
}

it('an undamaged state is the one of the trie', async () => {
  for (const number of [1n, 2n, 3n]) expect(await node.truth(number, 'root')).toHaveProperty('value');
});

it('a changed balance is noticed', async () => {
  const damaged = truthWith(2n, (view) => ({
    account: async (address) => {
      const account = await view.account(address);
      return account.balance > 10n ** 15n ? { ...account, balance: account.balance + 1n } : account;
    },
  }));
  await expect(damaged).rejects.toMatchObject({ code: 'STATE_CORRUPT' });
});

it('a changed slot is noticed', async () => {
  const damaged = truthWith(3n, (view) => ({
    slot: async (address, key) => (await view.slot(address, key)) ^ 1n,
  }));
  await expect(damaged).rejects.toMatchObject({ code: 'STATE_CORRUPT' });
});
