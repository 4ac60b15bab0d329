import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Challenger } from '../../prover/agents/challenger.js';
import { createDisputeWorld, type DisputeWorld } from '../helpers/dispute-world.js';
import { truthfulAgent } from '../helpers/truthful-agents.js';

/** How a claimant of many false roots could draw a bond for each of them out of an honest challenger. */
let world: DisputeWorld;
beforeAll(async () => {
  // As the defaults: a window is a little longer than a game.
  world = await createDisputeWorld({
    rootEvery: 2n,
    clock: 350n,
    extension: 20n,
    proofWindow: 200n,
    rootWindow: 900n,
    diffWindow: 1_800n,
  });
});
afterAll(() => world?.l1.stop());

const games = async () => (await world.view()).games;
const challenger = () => new Challenger(truthfulAgent(world, world.bob));

/** Alice claims false roots at once, and bob disputes one of them. */
async function disputed() {
  await world.post(8);
  for (const number of [4n, 6n, 8n]) await world.claim(world.alice, 'root', number, 5n);
  const agent = challenger();
  await agent.tick();
  expect(await games()).toHaveLength(1);
  return agent;
}

describe('a claimant that uses its clock before it states', () => {
  it('draws no second bond, as what it has used does not come back', () =>
    world.isolated(async () => {
      const agent = await disputed();
      await world.advance(world.parameters.clock - 40n);
      await agent.tick();
      expect(await games()).toHaveLength(1);
      const [{ claimId, index }] = (await games()) as [Awaited<ReturnType<typeof games>>[number]];
      await world.state(claimId, index, 3n);
      await agent.tick();
      await agent.tick();
      expect(await games()).toHaveLength(1);
      expect((await games())[0]!.phase).toBe('claimantStates');
    }));

  it('nor from one that was started again meanwhile', () =>
    world.isolated(async () => {
      await disputed();
      await world.advance(world.parameters.clock - 40n);
      const [{ claimId, index }] = (await games()) as [Awaited<ReturnType<typeof games>>[number]];
      await world.state(claimId, index, 3n);
      await challenger().tick();
      expect(await games()).toHaveLength(1);
    }));

  it('but from one whose answers do not get through', () =>
    world.isolated(async () => {
      await disputed();
      await world.advance(world.parameters.clock - 40n);
      const [{ claimId, index }] = (await games()) as [Awaited<ReturnType<typeof games>>[number]];
      await world.state(claimId, index, 3n);
      const agent = challenger();
      const { send } = agent.l1;
      agent.l1.send = (what, ...rest) =>
        what === 'answer' ? Promise.reject(new Error('no node takes it')) : send.call(agent.l1, what, ...rest);
      await expect(agent.tick()).rejects.toThrow('no node takes it');
      expect(await games()).toHaveLength(1);
      await world.advance(world.parameters.extension);
      await expect(agent.tick()).rejects.toThrow('no node takes it');
      expect(await games()).toHaveLength(3);
    }));
});

describe('a challenger that cannot pay a bond', () => {
  it('does not execute the batch again at each look', () =>
    world.isolated(async () => {
      await world.post(2);
      await world.claim(world.alice, 'diff', 1n, 5n);
      const options = truthfulAgent(world, world.bob, undefined, { mostBonded: 0n });
      let executions = 0;
      const { checkClaim } = options.truth;
      options.truth.checkClaim = (...args) => {
        executions++;
        return checkClaim.apply(options.truth, args);
      };
      const agent = new Challenger(options);
      for (let looks = 0; looks < 3; looks++) {
        await expect(agent.tick()).rejects.toMatchObject({ code: 'L1_BOND_CEILING' });
      }
      expect(executions).toBe(1);
    }));
});
