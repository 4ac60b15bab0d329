import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Wallet } from '../../src/l1/send-call.js';
import { createDisputeWorld, type DisputeWorld } from '../helpers/dispute-world.js';
import { expectRefusal } from '../helpers/refusal.js';

/** Several claims on one (kind, number): rivals, entry, quiet. */
let world: DisputeWorld;
const [WRONG, N] = [555n, 12n];
beforeAll(async () => {
  world = await createDisputeWorld();
  await world.post(12);
});
afterAll(() => world?.l1.stop());

const root = (n: bigint) => world.roots[Number(n)]!;

/** The call with which `wallet` claims on (root, N). */
const claiming = (value: bigint) => world.calls.claim('root', N, world.hash(N), value);
const challenging = async (claimId: bigint) => {
  const { claimHash } = await world.claimView(claimId);
  return world.calls.challenge(claimId, claimHash, 0n, world.parameters.bond);
};

/** Strikes `wallet` by a second claim whose game it lets run out, from a challenge that bob makes now; returns when that can be settled. */
async function doom(wallet: Wallet): Promise<{ strike: () => Promise<void>; from: bigint }> {
  const claim = await world.claim(wallet, 'root', N - 1n, WRONG + N);
  const game = await world.challenge(world.bob, claim.id);
  return { from: game.deadline, strike: async () => void (await world.send(world.bob, world.calls.settle(game.id))) };
}

describe('rivals', () => {
  it('test_rivals_block (H5): past both deadlines neither value is final, and both can be challenged', () =>
    world.isolated(async () => {
      const { alice, bob, carol, calls } = world;
      const truth = await world.claim(alice, 'root', N);
      const lie = await world.claim(carol, 'root', N, WRONG);
      await world.goTo(lie.deadline + 5_000n);
      for (const { id } of [truth, lie]) {
        expect(await world.claimView(id)).toMatchObject({ status: 'open', rivals: 1n, challengeable: true });
      }
      await expectRefusal(world.send(bob, calls.resolve([truth.id, lie.id])), 'NothingToResolve');
      // H10: after its deadline a claim with a rival is challenged; the game goes its way.
      const game = await world.challenge(bob, lie.id);
      await world.goTo(game.deadline);
      await world.send(bob, calls.settle(game.id));
      expect(await world.claimView(lie.id)).toMatchObject({ status: 'refuted', recorded: true });
      const { quietUntil } = await world.dispute.slot('root', N);
      expect(quietUntil).toBe((await world.view()).time + world.parameters.quiet);
      expect(await world.claimView(truth.id)).toMatchObject({
        status: 'open',
        rivals: 0n,
        challengeable: true,
        quietUntil,
      });
      await world.goTo(quietUntil - 1n);
      expect((await world.claimView(truth.id)).status).toBe('open');
      expect(await world.outcome(bob, await challenging(truth.id))).toBe('accepted');
      // H10, H15: with the deadline over, no rival, and quiet over, it is final, and no game begins.
      await world.goTo(quietUntil);
      expect(await world.outcome(bob, await challenging(truth.id))).toBe('ClaimDecided');
      await world.resolve(truth.id);
      expect(await world.dispute.finalValue('root', N)).toBe(root(N));
    }));

  it('test_rivals_equal: equal claims do not block each other, and stand for themselves', () =>
    world.isolated(async () => {
      const { alice, carol, dave } = world;
      const first = await world.claim(alice, 'root', N);
      const second = await world.claim(carol, 'root', N);
      const { from, strike } = await doom(alice);
      await world.goTo(from);
      await strike();
      await world.resolve(first.id);
      expect(await world.claimView(first.id)).toMatchObject({ status: 'void' });
      // Nothing of another value stood against the fallen one, so nothing has to be looked at again.
      expect((await world.dispute.slot('root', N)).quietUntil).toBe(0n);
      await world.goTo(second.deadline);
      expect((await world.claimView(second.id)).status).toBe('final');
      await expectRefusal(world.claim(dave, 'root', N, WRONG), 'EntryClosed');
    }));

  it('test_rivals_recording: it is the record of a fall that ends the block, and from which it is quiet', () =>
    world.isolated(async () => {
      const { alice, carol } = world;
      const truth = await world.claim(alice, 'root', N);
      const lie = await world.claim(carol, 'root', N, WRONG);
      const { from, strike } = await doom(carol);
      await world.goTo(from);
      await strike();
      await world.goTo(lie.deadline + 1_000n);
      expect(await world.claimView(lie.id)).toMatchObject({ status: 'void', recorded: false });
      expect(await world.claimView(truth.id)).toMatchObject({ status: 'open', rivals: 1n });
      await world.resolve(lie.id);
      const { time } = await world.view();
      const { quietUntil, live } = await world.dispute.slot('root', N);
      expect([quietUntil, live]).toEqual([time + world.parameters.quiet, 1n]);
    }));

  it('test_rivals_many (H9): as many as may be delay a claim no longer than one', () =>
    world.isolated(async () => {
      const { players, bob, calls, parameters } = world;
      const liars = players.filter((player) => player !== bob && player !== world.alice).slice(0, 4);
      const truth = await world.claim(world.alice, 'root', N);
      const games = [];
      for (const [i, liar] of liars.entries()) {
        const lie = await world.claim(liar, 'root', N, WRONG + BigInt(i));
        games.push(await world.challenge(bob, lie.id));
      }
      expect((await world.claimView(truth.id)).rivals).toBe(4n);
      await world.goTo(games.at(-1)!.deadline);
      for (const { id } of games) await world.send(bob, calls.settle(id));
      const { time } = await world.view();
      expect((await world.dispute.slot('root', N)).quietUntil).toBe(time + parameters.quiet);
      await world.goTo(truth.deadline);
      expect((await world.claimView(truth.id)).status).toBe('final');
    }));
});

describe('entry', () => {
  it('test_entry (H15): open until entryEnd, and again when nothing on the slot is live', () =>
    world.isolated(async () => {
      const { alice, bob, carol, calls, dave } = world;
      for (const wallet of [carol, dave]) await world.stake(wallet);
      const first = await world.claim(alice, 'root', N, WRONG);
      const { entryEnd } = await world.dispute.slot('root', N);
      expect(entryEnd).toBe(first.deadline);
      const game = await world.challenge(bob, first.id);
      await world.goTo(entryEnd - 1n);
      expect(await world.outcome(carol, claiming(root(N)))).toBe('accepted');
      await world.goTo(entryEnd);
      expect(await world.outcome(carol, claiming(root(N)))).toBe('EntryClosed');
      await world.goTo(entryEnd + 1n);
      expect(await world.outcome(carol, claiming(WRONG))).toBe('EntryClosed');
      await world.send(bob, calls.settle(game.id));
      const again = await world.claim(carol, 'root', N);
      expect((await world.dispute.slot('root', N)).entryEnd).toBe(again.deadline);
      expect(again.deadline).toBe((await world.view()).time + world.parameters.rootWindow);
      // Who was refuted there may come again, with another stake.
      expect(await world.outcome(dave, claiming(root(N)))).toBe('accepted');
      await world.claim(alice, 'root', N);
    }));

  it('test_entry_last: who enters last has a window of its own, and no claim is final before entry ends', () =>
    world.isolated(async () => {
      const { alice, carol } = world;
      const first = await world.claim(alice, 'root', N);
      await world.stake(carol);
      await world.goTo(first.deadline - 5n);
      const last = await world.claim(carol, 'root', N, WRONG);
      expect(last.deadline).toBeGreaterThanOrEqual(first.deadline - 5n + world.parameters.rootWindow);
      await world.goTo(last.deadline - 1n);
      expect((await world.claimView(first.id)).status).toBe('open');
    }));

  it('test_claim_twice: a stake claims once on a slot, whatever it says', () =>
    world.isolated(async () => {
      const { alice } = world;
      await world.claim(alice, 'root', N);
      for (const value of [root(N), WRONG]) expect(await world.outcome(alice, claiming(value))).toBe('AlreadyClaimed');
      await world.claim(alice, 'diff', N);
    }));
});

describe('deadlines', () => {
  it('test_deadline (H15): challenged before it, final from it on', () =>
    world.isolated(async () => {
      const claim = await world.claim(world.alice, 'root', N);
      await world.goTo(claim.deadline - 1n);
      expect(await world.outcome(world.bob, await challenging(claim.id))).toBe('accepted');
      expect((await world.claimView(claim.id)).status).toBe('open');
      for (const time of [claim.deadline, claim.deadline + 1n]) {
        await world.goTo(time);
        expect(await world.outcome(world.bob, await challenging(claim.id))).toBe('ClaimDecided');
        expect((await world.claimView(claim.id)).status).toBe('final');
      }
    }));

  it.each([-1n, 0n, 1n])('test_struckAt (H15): struck %i s after its deadline', (shift) =>
    world.isolated(async () => {
      const { alice, bob, calls } = world;
      const claim = await world.claim(alice, 'root', N);
      await world.advance(world.parameters.rootWindow - 3n * world.parameters.clock);
      const bad = await world.claim(alice, 'root', 3n, WRONG);
      const game = await world.challenge(bob, bad.id);
      await world.sendAt(claim.deadline + shift, bob, calls.settle(game.id));
      const { struckAt } = await world.stakeView(1n);
      expect(struckAt - claim.deadline).toBe(shift);
      const status = shift < 0n ? 'void' : 'final';
      await world.advance(10_000n);
      expect(await world.claimView(claim.id)).toMatchObject({ status, recorded: false });
      await world.resolve(claim.id);
      expect(await world.claimView(claim.id)).toMatchObject({ status, recorded: true });
    }),
  );
});
