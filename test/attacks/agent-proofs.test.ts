import { parseGwei } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Challenger } from '../../prover/agents/challenger.js';
import { createDisputeWorld, type DisputeWorld } from '../helpers/dispute-world.js';
import { LARGE_PARTS, SMALL_PARTS, truthfulAgent } from '../helpers/truthful-agents.js';

/** What others could make an honest agent spend on proofs, or keep it from sending. */
let world: DisputeWorld;
beforeAll(async () => {
  world = await createDisputeWorld();
});
afterAll(() => world?.l1.stop());

const mined = () => world.reader.getTransactionCount({ address: world.bob.account.address });
const setBaseFee = (gwei: string) =>
  world.request('anvil_setNextBlockBaseFeePerGas', [`0x${parseGwei(gwei).toString(16)}`]);

describe('a claimant whose challenger must prove what it cannot', () => {
  /** Bob claims the truth, alice disputes it. */
  async function disputed(parts = SMALL_PARTS) {
    await world.post(1);
    const { id } = await world.claim(world.bob, 'diff', 1n);
    await world.challenge(world.alice, id);
    return new Challenger(truthfulAgent(world, world.bob, parts));
  }

  it('proves it where the lost bond pays for that', () =>
    world.isolated(async () => {
      const agent = await disputed();
      for (let looks = 0; looks < 3; looks++) await agent.tick();
      expect((await world.view()).games[0]).toMatchObject({ phase: 'closed', outcome: 'claimantWins' });
    }));

  it('sends nothing that would cost more than that, and wins by the clock', () =>
    world.isolated(async () => {
      const agent = await disputed(LARGE_PARTS);
      const before = await mined();
      for (let looks = 0; looks < 3; looks++) await agent.tick();
      expect(await mined()).toBe(before);
      await world.advance(world.parameters.clock + world.parameters.proofWindow);
      await agent.tick();
      expect((await world.view()).games[0]).toMatchObject({ phase: 'closed', outcome: 'claimantWins' });
    }));

  it('nor one transaction at a price that L1 does not pay back', () =>
    world.isolated(async () => {
      const agent = await disputed();
      const before = await mined();
      await agent.tick();
      await setBaseFee('201');
      await world.advance(1n);
      await agent.tick();
      expect(await mined()).toBe(before);
    }));
});

describe('a challenger whose L1 node does not say who else has begun an upload', () => {
  it('sends its parts in time all the same', () =>
    world.isolated(async () => {
      await world.post(1);
      await world.claim(world.alice, 'diff', 1n, 5n);
      const agent = new Challenger(truthfulAgent(world, world.bob, LARGE_PARTS));
      for (let looks = 0; looks < 2; looks++) await agent.tick();
      // There is less time than two uploads may take; the node has no old logs.
      agent.l1.reader.getLogs = () => Promise.reject(new Error('history is pruned'));
      for (let looks = 0; looks < 3; looks++) await agent.tick();
      expect((await world.view()).games[0]).toMatchObject({ phase: 'closed', outcome: 'challengerWins' });
    }));
});
