import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Challenger } from '../../prover/agents/challenger.js';
import type { ChallengeEvent } from '../../prover/agents/challenges.js';
import { createDisputeWorld, type DisputeWorld } from '../helpers/dispute-world.js';
import { truthfulAgent } from '../helpers/truthful-agents.js';

/** A challenger whose own node is wrong must not pay for it game by game. */
let world: DisputeWorld;
beforeAll(async () => {
  world = await createDisputeWorld({ diffWindow: 100_000n });
});
afterAll(() => world?.l1.stop());

function challenger(break_: (options: ReturnType<typeof truthfulAgent>) => void, lies = false) {
  const options = truthfulAgent(world, world.bob);
  break_(options);
  const events: ChallengeEvent[] = [];
  return { agent: new Challenger({ ...options, lies, onEvent: (event) => events.push(event) }), events };
}

/** One record is wrong; an execution of the batch is not. */
function wrongRecord({ truth }: ReturnType<typeof truthfulAgent>): void {
  const value = truth.value.bind(truth);
  truth.value = async (kind, number) => (await value(kind, number)) ^ 1n;
}

/** Everything that the node says of results is wrong. */
function wrongState(options: ReturnType<typeof truthfulAgent>): void {
  wrongRecord(options);
  const truth = options.truth.truth.bind(options.truth);
  options.truth.truth = async (number, mode) => {
    const { request, value } = await truth(number, mode);
    return { request, value: value ^ 1n };
  };
}

/** Both look until nothing moves; the claimant is honest. */
async function play(agent: Challenger, rounds = 20): Promise<void> {
  const claimant = new Challenger(truthfulAgent(world, world.alice));
  for (let i = 0; i < rounds; i++) {
    await agent.tick();
    await claimant.tick();
  }
}

describe('a challenger with a wrong node', () => {
  it('stakes nothing when an execution of the batch says otherwise, and says so once', () =>
    world.isolated(async () => {
      await world.post(3);
      const claim = await world.claim(world.alice, 'diff', 3n);
      const { agent, events } = challenger(wrongRecord);
      await play(agent, 5);
      expect((await world.view()).games).toHaveLength(0);
      expect(events).toEqual([expect.objectContaining({ type: 'nodeWrong', claimId: claim.id })]);
    }));

  it('stakes nothing when L1 holds the proof against it', () =>
    world.isolated(async () => {
      await world.post(3);
      await world.claim(world.alice, 'diff', 3n);
      await world.prove(world.carol, 3n, world.roots[2]!, 'diff');
      const { agent, events } = challenger(wrongState);
      await play(agent, 3);
      expect((await world.view()).games).toHaveLength(0);
      expect(events.map(({ type }) => type)).toEqual(['nodeWrong']);
    }));

  it('stakes nothing when the value is final', () =>
    world.isolated(async () => {
      await world.post(1);
      await world.claim(world.alice, 'root', 1n);
      const { agent } = challenger(wrongState);
      const { finalValue } = agent.l1.dispute;
      agent.l1.dispute.finalValue = async (kind, number) =>
        number === 1n ? world.roots[1]! : finalValue(kind, number);
      await agent.tick();
      expect((await world.view()).games).toHaveLength(0);
    }));

  it('loses one game for a claim at most, then says so', () =>
    world.isolated(async () => {
      await world.post(3);
      const claim = await world.claim(world.alice, 'diff', 3n);
      const { agent, events } = challenger(wrongState, true);
      await play(agent);
      const { games } = await world.view();
      expect(games.map(({ claimId, outcome }) => [claimId, outcome])).toEqual([[claim.id, 'claimantWins']]);
      expect(events).toEqual([{ type: 'gameLost', gameId: 1n, claimId: claim.id }]);
    }));

  it('is not taken for wrong because a batch could not be read once', () =>
    world.isolated(async () => {
      await world.post(1);
      await world.claim(world.alice, 'diff', 1n, 5n);
      const { agent, events } = challenger(({ truth }) => {
        const check = truth.checkClaim.bind(truth);
        let reads = 0;
        truth.checkClaim = async (...claim) => {
          if (reads++ === 0) throw new Error('too many open files');
          return check(...claim);
        };
      });
      await expect(agent.tick()).rejects.toThrow('too many open files');
      await agent.tick();
      expect((await world.view()).games).toHaveLength(1);
      expect(events).toEqual([]);
    }));

  it('is asked nothing when it is right', () =>
    world.isolated(async () => {
      await world.post(1);
      await world.claim(world.alice, 'diff', 1n, 5n);
      const { agent, events } = challenger(() => {});
      await agent.tick();
      expect((await world.view()).games).toHaveLength(1);
      expect(events).toEqual([]);
    }));
});
