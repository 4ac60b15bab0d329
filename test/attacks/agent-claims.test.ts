import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Sequencer } from '../../prover/agents/sequencer.js';
import type { Wallet } from '../../src/l1/send-call.js';
import { createDisputeWorld, type DisputeWorld } from '../helpers/dispute-world.js';
import { truthfulAgent } from '../helpers/truthful-agents.js';

/** What must not keep a claimant from the claims that it can make, nor let it make one that it must lose. */
let world: DisputeWorld;
beforeAll(async () => {
  world = await createDisputeWorld({ rootEvery: 2n });
});
afterAll(() => world?.l1.stop());

function claimant() {
  const options = truthfulAgent(world, world.sequencer);
  const told: string[] = [];
  const feeRecipient = world.sequencer.account.address;
  const agent = new Sequencer({ ...options, feeRecipient, onEvent: ({ type }) => told.push(type) });
  return { agent, told, truth: options.truth };
}

const ownClaims = async ({ account }: Wallet = world.sequencer) =>
  (await world.view()).claims
    .filter(({ claimant: by }) => by === account.address)
    .map(({ kind, number }) => `${kind} ${number}`);

describe('a claimant', () => {
  it(
    'is not kept from open slots by many whose entry is over',
    () =>
      world.isolated(async () => {
        await world.post(67);
        for (let number = 1n; number <= 66n; number++) {
          await world.claim(world.carol, 'diff', number, 5n);
        }
        await world.advance(world.parameters.diffWindow - 200n);
        for (let number = 2n; number <= 66n; number++) await world.claim(world.alice, 'diff', number, 6n);
        // What opened these slots falls and is recorded.
        await world.prove(world.dave, 1n, world.roots[0]!, 'diff');
        await world.resolve(...Array.from({ length: 66 }, (_, i) => BigInt(i + 1)));
        await world.advance(300n);
        const { agent, truth } = claimant();
        const { value } = truth;
        truth.value = async (kind, number) => (kind === 'root' || number > 66n ? value.call(truth, kind, number) : 6n);
        for (let looks = 0; looks < 6; looks++) await agent.tick();
        expect(await ownClaims()).toContain('diff 67');
      }),
    120_000,
  );

  it('enters a slot as soon as all in it have fallen, also one that entered late and struck itself', () =>
    world.isolated(async () => {
      await world.post(2);
      const first = await world.claim(world.carol, 'diff', 2n, 5n);
      await world.advance(world.parameters.diffWindow - 100n);
      const late = await world.claim(world.alice, 'diff', 2n, 6n);
      const elsewhere = await world.claim(world.alice, 'root', 2n, 7n);
      await world.advance(200n);
      const { agent } = claimant();
      await agent.tick();
      expect(await ownClaims()).toEqual(['root 2', 'diff 1']);
      const games = [
        await world.challenge(world.dave, first.id, world.roots[1]!),
        await world.challenge(world.dave, elsewhere.id, world.roots[1]!),
      ];
      await world.advance(world.parameters.clock);
      for (const { id } of games) await world.send(world.dave, world.calls.settle(id));
      for (let looks = 0; looks < 3; looks++) await agent.tick();
      expect(await ownClaims()).toContain('diff 2');
      expect((await world.view()).time).toBeLessThan(late.deadline);
    }));

  it('goes on with other claims when one batch cannot be checked', () =>
    world.isolated(async () => {
      await world.post(4);
      const { agent, truth } = claimant();
      const { checkClaim } = truth;
      truth.checkClaim = async (kind, number, ...rest) => {
        if (number === 2n) throw new Error('cannot be read');
        return checkClaim.call(truth, kind, number, ...rest);
      };
      await expect(agent.tick()).rejects.toThrow('cannot be read');
      expect(await ownClaims()).toEqual(['root 4', 'diff 1', 'diff 3', 'diff 4']);
    }));

  it('does not claim what a proof on L1 contradicts', () =>
    world.isolated(async () => {
      await world.post(2);
      const { agent, told, truth } = claimant();
      await world.prove(world.carol, 2n, world.roots[1]!, 'diff');
      await truth.apply(world.batches[0]!);
      await truth.apply(world.batches[1]!);
      truth.diffs[2] = 9n;
      truth.checkClaim = async () => {};
      await agent.tick();
      expect(await ownClaims()).not.toContain('diff 2');
      expect(told).toEqual(['nodeWrong']);
    }));
});
