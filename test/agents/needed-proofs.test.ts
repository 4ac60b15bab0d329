import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Challenger } from '../../prover/agents/challenger.js';
import type { PlayerEvent } from '../../prover/agents/player.js';
import { ForeignError } from '../../src/errors/queue.js';
import { StateError } from '../../src/errors/state.js';
import { TraceError } from '../../src/errors/trace.js';
import { createDisputeWorld, type DisputeWorld } from '../helpers/dispute-world.js';
import { truthfulAgent } from '../helpers/truthful-agents.js';

/** Proof jobs that fail while a game's clock runs. */
let world: DisputeWorld;
beforeAll(async () => {
  world = await createDisputeWorld();
});
afterAll(() => world?.l1.stop());

const crashed = new ForeignError({ name: 'TaskError', code: 'TASK_CRASHED', message: 'killed', retryable: true });

/** A challenger whose game waits for its proof; `executed` counts executions of the batch. */
async function waitingForProof(change: (options: ReturnType<typeof truthfulAgent>) => void) {
  await world.post(1);
  await world.claim(world.alice, 'diff', 1n, 5n);
  const options = truthfulAgent(world, world.bob);
  const told: PlayerEvent[] = [];
  const agent = new Challenger({ ...options, tell: (event) => told.push(event) });
  await agent.tick();
  const counted = { executed: 0 };
  const truth = options.truth.truth.bind(options.truth);
  options.truth.truth = (number, mode) => {
    counted.executed++;
    return truth(number, mode);
  };
  change(options);
  return { agent, told, counted };
}

const outcome = async () => (await world.view()).games[0]!.outcome;

describe('a proof job that fails', () => {
  it('is tried again without the batch being executed again, and the game is won', () =>
    world.isolated(async () => {
      let failures = 1;
      const { agent, told, counted } = await waitingForProof(({ proofs }) => {
        const bundleOf = proofs.bundleOf.bind(proofs);
        proofs.bundleOf = (job) => (failures-- > 0 ? Promise.reject(crashed) : bundleOf(job));
        proofs.again = async () => {};
      });
      for (let i = 0; i < 5; i++) await agent.tick();
      expect(agent.player.isProving).toBe(true);
      await agent.player.proofSettles();
      await agent.tick();
      expect(await outcome()).toBe('challengerWins');
      expect(counted.executed).toBe(1);
      expect(told).toContainEqual(expect.objectContaining({ type: 'proofFailed', code: 'TASK_CRASHED' }));
    }));

  it('because its input is wrong is given up with an alarm, and costs nothing at later looks', () =>
    world.isolated(async () => {
      const { agent, told, counted } = await waitingForProof(({ proofs }) => {
        proofs.bundleOf = () => Promise.reject(new TraceError('TRACE_NO_SHAPE', 'no shape'));
      });
      for (let i = 0; i < 4; i++) await agent.tick();
      expect(counted.executed).toBe(1);
      const given = told.filter(({ type }) => type === 'notProving');
      expect(given).toEqual([expect.objectContaining({ alarm: true })]);
    }));
});

it('a batch that cannot be executed again is not tried at every look', () =>
  world.isolated(async () => {
    const { agent, told, counted } = await waitingForProof(({ truth }) => {
      const count = truth.truth.bind(truth);
      truth.truth = async (number, mode) => {
        await count(number, mode);
        throw new StateError('STATE_CORRUPT', 'damaged');
      };
    });
    for (let i = 0; i < 4; i++) await agent.tick();
    expect(counted.executed).toBe(1);
    expect(told).toEqual([expect.objectContaining({ type: 'notProving', alarm: true })]);
  }));

it('a proof that no game waits for any more is waited for no longer', () =>
  world.isolated(async () => {
    const { agent } = await waitingForProof(({ proofs }) => {
      proofs.bundleOf = (_job, signal) =>
        new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    });
    await agent.tick();
    expect(agent.player.isProving).toBe(true);
    await world.prove(world.carol, 1n, world.roots[0]!, 'diff');
    await agent.tick();
    await agent.tick();
    expect(agent.player.isProving).toBe(false);
    await agent.close();
  }));
