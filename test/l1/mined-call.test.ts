import { afterAll, beforeAll, expect, it } from 'vitest';
import { sendCall } from '../../src/l1/send-call.js';
import { createDisputeWorld, type DisputeWorld } from '../helpers/dispute-world.js';

let world: DisputeWorld;
beforeAll(async () => {
  world = await createDisputeWorld();
});
afterAll(() => world?.l1.stop());

it('who is overtaken in the very block of its transaction is told by what', () =>
  world.isolated(async () => {
    await world.post(4);
    const { id } = await world.claim(world.alice, 'root', 4n, 5n);
    const game = await world.challenge(world.bob, id);
    await world.advance(world.parameters.clock);
    await world.request('evm_setAutomine', [false]);
    try {
      const call = world.calls.settle(game.id);
      const both = Promise.allSettled([world.bob, world.carol].map((wallet) => sendCall(wallet, world.reader, call)));
      const waiting = async () => (await world.request<{ pending: string }>('txpool_status')).pending;
      while ((await waiting()) !== '0x2') await new Promise((resolve) => setTimeout(resolve, 20));
      await world.request('evm_mine');
      const [lost, ...others] = (await both).filter(({ status }) => status === 'rejected');
      expect(others).toEqual([]);
      expect(lost).toMatchObject({ reason: { code: 'L1_REVERTED', details: { error: 'GameIsClosed' } } });
    } finally {
      await world.request('evm_setAutomine', [true]);
    }
  }));
