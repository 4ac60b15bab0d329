import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDisputeWorld, type DisputeWorld } from '../helpers/dispute-world.js';
import { expectRefusal } from '../helpers/refusal.js';

/** Stakes: what one backs, how it ends, and its purses. */
let world: DisputeWorld;
const [WRONG, N] = [555n, 12n];
beforeAll(async () => {
  world = await createDisputeWorld();
  await world.post(12);
});
afterAll(() => world?.l1.stop());

const root = (n: bigint) => world.roots[Number(n)]!;

describe('a stake', () => {
  it('test_stake: locks S from credit, once an account, and backs any number of claims', () =>
    world.isolated(async () => {
      const { alice, calls, parameters } = world;
      const { stake } = parameters;
      await expectRefusal(world.send(alice, calls.stake(stake - 1n)), 'InsufficientCredit');
      await world.send(alice, calls.deposit(stake - 1n));
      await world.send(alice, calls.stake(3n));
      expect(await world.credit(alice)).toBe(2n);
      expect(await world.dispute.stakeOf(alice.account.address)).toBe(1n);
      await expectRefusal(world.send(alice, calls.stake(stake)), 'AlreadyStaked');
      for (const n of [1n, 2n, N]) await world.claim(alice, 'root', n);
      await world.claim(alice, 'diff', 1n);
      expect(await world.dispute.money()).toMatchObject({ locked: stake, credit: 2n });
      expect(await world.stakeView(1n)).toMatchObject({ owner: alice.account.address, live: 4n, struck: false });
    }));

  it('test_unstake (H6): given back when the last claim on it is recorded, and not before', () =>
    world.isolated(async () => {
      const { alice, bob, calls, parameters } = world;
      await expectRefusal(world.send(alice, calls.unstake()), 'NotStaked');
      const first = await world.claim(alice, 'root', 1n);
      const second = await world.claim(alice, 'diff', 1n);
      await world.goTo(second.deadline);
      await world.resolve(first.id);
      expect(await world.claimView(second.id)).toMatchObject({ status: 'final', recorded: false });
      await expectRefusal(world.send(alice, calls.unstake()), 'LiveClaims');
      await world.resolve(second.id);
      await world.send(alice, calls.unstake());
      expect(await world.stakeView(1n)).toMatchObject({ live: 0n, released: true, struck: false });
      expect(await world.credit(alice)).toBe(parameters.stake);
      await expectRefusal(world.send(alice, calls.unstake()), 'NotStaked');
      await expectRefusal(world.send(alice, calls.claim('root', N, world.hash(N), root(N))), 'NotStaked');
      await expectRefusal(world.send(bob, calls.closePurses(1n)), 'NotStruck');
      // From its credit the account stakes anew.
      await world.send(alice, calls.stake());
      expect(await world.dispute.stakeOf(alice.account.address)).toBe(2n);
    }));

  it('test_strike (H17): a struck sequencer posts on, stakes anew, and only its new claims live', () =>
    world.isolated(async () => {
      const { sequencer, bob, calls, posts } = world;
      await world.post(1);
      const old = await world.claim(sequencer, 'root', N);
      const bad = await world.claim(sequencer, 'root', 2n, WRONG);
      const game = await world.challenge(bob, bad.id);
      await world.goTo(game.deadline);
      await world.send(bob, calls.settle(game.id));
      await expectRefusal(world.send(sequencer, calls.unstake()), 'NotStaked');
      const batch = await world.nextBatch(['0x1234']);
      await expectRefusal(world.send(sequencer, posts.submitBatchAndClaim(batch, 1n)), 'NotStaked');
      await world.send(sequencer, posts.submitBatch(batch));
      await world.stake(sequencer);
      await world.send(sequencer, posts.submitBatchAndClaim(await world.nextBatch(['0x1234']), 1n));
      const again = await world.claim(sequencer, 'root', N);
      const { claims } = await world.view();
      expect(claims.map(({ stakeId, status }) => [stakeId, status])).toEqual([
        [1n, 'void'],
        [1n, 'refuted'],
        [2n, 'open'],
        [2n, 'open'],
      ]);
      // The fallen claim of the old stake stands in nobody's way, and is void whenever it is recorded.
      expect(again.deadline).toBe((await world.view()).time + world.parameters.rootWindow);
      await world.goTo(again.deadline);
      await world.resolve(old.id, again.id);
      expect(await world.claimView(old.id)).toMatchObject({ status: 'void', recorded: true });
      expect(await world.claimView(again.id)).toMatchObject({ status: 'final', recorded: true });
      expect(await world.stakeView(1n)).toMatchObject({ struck: true, live: 0n });
    }));
});

describe('a struck stake', () => {
  it('test_strike_split: R paid, purses reserved, the rest burned at once', () =>
    world.isolated(async () => {
      const { stake, reward, proofPurse, movePurse } = world.parameters;
      await world.strike(world.alice, world.bob);
      expect((await world.dispute.money()).burned).toBe(stake - reward - proofPurse - movePurse);
      const struck = await world.stakeView(1n);
      expect(struck.pursesUntil).toBe(struck.struckAt + world.parameters.clock + world.parameters.proofWindow);
      expect(struck).toMatchObject({ struck: true, released: false, rewardLeft: false, proofPayLeft: false });
    }));

  it('test_closePurses (H2): at their end, not before, what is left is burned, and nothing stays locked', () =>
    world.isolated(async () => {
      const { carol, calls } = world;
      await world.strike(world.alice, world.bob);
      const { pursesUntil, proofPurse, movePurse } = await world.stakeView(1n);
      const { locked, burned } = await world.dispute.money();
      expect(locked).toBe(proofPurse + movePurse);
      await expectRefusal(world.send(carol, calls.closePurses(2n)), 'UnknownStake');
      await world.goTo(pursesUntil - 1n);
      expect(await world.outcome(carol, calls.closePurses(1n))).toBe('PursesOpen');
      await world.goTo(pursesUntil);
      await world.send(carol, calls.closePurses(1n));
      expect(await world.dispute.money()).toMatchObject({ locked: 0n, burned: burned + locked });
      expect(await world.stakeView(1n)).toMatchObject({ proofPurse: 0n, movePurse: 0n, rewardLeft: false });
      await expectRefusal(world.send(carol, calls.closePurses(1n)), 'NothingBurned');
    }));

  it('test_closePurses_reward: R that nobody came for in time is burned, too', () =>
    world.isolated(async () => {
      const { alice, bob, carol, calls, parameters } = world;
      const claim = await world.claim(alice, 'root', 1n, WRONG);
      const game = await world.challenge(bob, claim.id);
      // Final by proof while the game is open: recording that strikes the stake, and R waits for the game.
      await world.prove(carol, 1n, root(0n), 'root');
      await world.resolve(claim.id);
      const struck = await world.stakeView(1n);
      expect(struck).toMatchObject({ struck: true, rewardLeft: true, proofPayLeft: true });
      await world.goTo(struck.pursesUntil);
      await world.send(bob, calls.settle(game.id));
      expect(await world.credit(bob)).toBe(parameters.bond);
      expect(await world.credit(carol)).toBe(0n);
      await world.send(carol, calls.closePurses(1n));
      expect(await world.dispute.money()).toMatchObject({ locked: 0n, burned: parameters.stake });
    }));

  it('test_strike_once: what else of it is refuted later costs nothing more, and pays no second R', () =>
    world.isolated(async () => {
      const { alice, bob, carol, calls, parameters } = world;
      const other = await world.claim(alice, 'root', 1n, WRONG);
      const game = await world.challenge(carol, other.id);
      await world.strike(world.alice, world.bob);
      const struck = await world.stakeView(1n);
      const before = await world.credit(carol);
      await world.prove(bob, 1n, root(0n), 'root');
      await world.send(carol, calls.settle(game.id));
      const { spent } = await world.game(game.id);
      expect((await world.credit(carol)) - before).toBeGreaterThan(parameters.bond + spent);
      expect((await world.credit(carol)) - before).toBeLessThan(parameters.bond + parameters.reward);
      expect((await world.stakeView(1n)).struckAt).toBe(struck.struckAt);
    }));
});
