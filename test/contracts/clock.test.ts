import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GameView } from '../../src/dispute/types.js';
import { createDisputeWorld, type DisputeWorld, fakeBundle } from '../helpers/dispute-world.js';
import { expectRefusal } from '../helpers/refusal.js';

/** Time: either side's clock in every phase, the extension, pauses. */
let world: DisputeWorld;
const [WRONG, N] = [555n, 12n];
beforeAll(async () => {
  world = await createDisputeWorld();
  await world.post(12);
});
afterAll(() => world?.l1.stop());

/** A game on a claim of alice, challenged by bob. */
async function open(kind: 'diff' | 'root', number: bigint, preRoot?: bigint): Promise<GameView> {
  const claim = await world.claim(world.alice, kind, number);
  return world.challenge(world.bob, claim.id, preRoot);
}

/** Advances to a second before the game's deadline, expects nothing decided, then to it, and settles. */
async function runOut(gameId: bigint, outcome: GameView['outcome']): Promise<void> {
  const before = await world.view();
  await world.advance(before.games[Number(gameId) - 1]!.deadline - before.time - 2n);
  await expectRefusal(world.send(world.carol, world.calls.settle(gameId)), 'NotDecided');
  await world.advance(2n);
  expect(await world.game(gameId)).toMatchObject({ phase: 'decided', outcome });
  await world.send(world.carol, world.calls.settle(gameId));
  expect(await world.game(gameId)).toMatchObject({ phase: 'closed', outcome });
}

describe('a player that runs out loses', () => {
  it('test_settle_claimantSilentAtTheRootBefore', () =>
    world.isolated(async () => {
      const game = await open('diff', N);
      await runOut(game.id, 'challengerWins');
      const { bond, reward } = world.parameters;
      expect(await world.credit(world.bob)).toBe(bond + reward + (await world.game(game.id)).spent);
      expect((await world.claimView(game.claimId)).status).toBe('refuted');
    }));

  it('test_settle_claimantSilentInTheBisection', () =>
    world.isolated(async () => {
      const game = await open('root', N);
      await world.state(game.claimId, 6n);
      await world.answer(game.id, true);
      await runOut(game.id, 'challengerWins');
    }));

  it('test_settle_claimantSilentAfterStatingAnotherRoot', () =>
    world.isolated(async () => {
      const game = await open('diff', N, 4_242n);
      const { deadline } = game;
      await world.advance(world.parameters.clock / 2n);
      await world.state(game.claimId, N - 1n);
      // Its turn goes on: the middle is due within the same clock.
      expect(await world.game(game.id)).toMatchObject({ phase: 'claimantStates', index: 5n, deadline });
      await runOut(game.id, 'challengerWins');
    }));

  it('test_settle_challengerSilentInTheBisection', () =>
    world.isolated(async () => {
      const game = await open('root', N);
      await world.state(game.claimId, 6n);
      await runOut(game.id, 'claimantWins');
      expect(await world.credit(world.alice)).toBe(world.parameters.moveFee);
      expect((await world.claimView(game.claimId)).status).toBe('open');
    }));

  it('test_settle_noProofCaseA', () =>
    world.isolated(async () => {
      const game = await open('diff', N);
      await world.state(game.claimId, N - 1n);
      const { time, games } = await world.view();
      // What the challenger has not used of its clock is added.
      expect(games[0]!.deadline - time).toBe(world.parameters.proofWindow + world.parameters.clock);
      await runOut(game.id, 'claimantWins');
    }));

  it('test_settle_noProofCaseB', () =>
    world.isolated(async () => {
      const claim = await world.claim(world.alice, 'root', 2n, WRONG);
      const game = await world.challenge(world.bob, claim.id);
      await world.state(claim.id, 1n);
      await world.answer(game.id, true);
      expect(await world.game(game.id)).toMatchObject({ phase: 'prove', index: 2n });
      await runOut(game.id, 'claimantWins');
    }));

  it('test_settle_lateStatement: a statement after the clock ran out does not save the game', () =>
    world.isolated(async () => {
      const game = await open('diff', N);
      await world.advance(world.parameters.clock);
      await world.state(game.claimId, N - 1n);
      expect(await world.game(game.id)).toMatchObject({ phase: 'decided', outcome: 'challengerWins' });
      const fresh = await world.challenge(world.carol, game.claimId);
      expect(fresh.phase).toBe('prove');
      await world.send(world.dave, world.calls.settle(game.id));
      expect(await world.game(fresh.id)).toMatchObject({ phase: 'decided', outcome: 'claimFell' });
    }));

  it('test_answer_late_reverts', () =>
    world.isolated(async () => {
      const game = await open('root', N);
      await world.state(game.claimId, 6n);
      await world.advance(world.parameters.clock);
      await expectRefusal(world.answer(game.id, true), 'WrongPhase');
    }));

  it.each([-1n, 0n, 1n])('test_prove_deadline (H15): kept %i s after the deadline', (shift) =>
    world.isolated(async () => {
      const { alice, bob } = world;
      // From a root that is not final, so that nothing but the game decides.
      const claim = await world.claim(alice, 'root', 2n, WRONG);
      const { id } = await world.challenge(bob, claim.id);
      await world.state(claim.id, 1n);
      await world.answer(id, true);
      const { deadline } = await world.game(id);
      const bundle = fakeBundle(world, 2n, world.roots[1]!, 'root', world.roots[2]!, bob.account.address);
      await world.sendAt(deadline + shift, bob, world.calls.prove(bundle, []));
      // What was kept in time decides, whenever it is looked at; what came later does not.
      await world.advance(100n);
      const outcome = shift < 0n ? 'challengerWins' : 'claimantWins';
      expect(await world.game(id)).toMatchObject({ phase: 'decided', outcome });
      await world.send(world.carol, world.calls.settle(id));
      expect(await world.game(id)).toMatchObject({ phase: 'closed', outcome });
    }),
  );

  it('test_prove_final: a value proven from a final root goes before a clock that nobody has claimed', () =>
    world.isolated(async () => {
      const claim = await world.claim(world.alice, 'diff', 1n, WRONG);
      const game = await world.challenge(world.bob, claim.id);
      await world.goTo(game.deadline);
      expect(await world.game(game.id)).toMatchObject({ phase: 'decided', outcome: 'claimantWins' });
      await world.prove(world.bob, 1n, world.roots[0]!, 'diff');
      expect(await world.game(game.id)).toMatchObject({ phase: 'decided', outcome: 'challengerWins' });
    }));
});

describe('chess clocks', () => {
  it('test_clock_countsOnlyOwnTurns', () =>
    world.isolated(async () => {
      const { clock } = world.parameters;
      const game = await open('root', N);
      await world.advance(60n);
      await world.state(game.claimId, 6n);
      await world.advance(30n);
      await world.answer(game.id, false);
      const { time, games } = await world.view();
      const left = games[0]!.deadline - time;
      // 60 seconds, and a few for the blocks of the moves, are gone from the claimant's clock; the challenger's 30 are not.
      expect(left).toBeLessThanOrEqual(clock - 60n);
      expect(left).toBeGreaterThan(clock - 80n);
      await world.state(game.claimId, 3n);
      const then = await world.view();
      const other = then.games[0]!.deadline - then.time;
      expect(other).toBeLessThanOrEqual(clock - 30n);
      expect(other).toBeGreaterThan(clock - 50n);
    }));

  it('test_clock_extension: a last-second move leaves the other time to answer, and oneself for the next', () =>
    world.isolated(async () => {
      const { clock, extension } = world.parameters;
      const game = await open('root', N);
      await world.advance(clock - 5n);
      await world.state(game.claimId, 6n);
      await world.advance(clock - 5n);
      await world.answer(game.id, false);
      const now = await world.view();
      expect(now.games[0]).toMatchObject({ phase: 'claimantStates', index: 3n });
      expect(now.games[0]!.deadline - now.time).toBe(extension);
      await world.advance(extension - 5n);
      await world.state(game.claimId, 3n);
      const then = await world.view();
      expect(then.games[0]!.phase).toBe('challengerAnswers');
      expect(then.games[0]!.deadline - then.time).toBe(extension);
    }));
});

describe('pause', () => {
  it('test_pause_stopsClocksAndWindows (H16): deadlines, entry, quiet and purses alike', () =>
    world.isolated(async () => {
      const { alice, bob, carol, guardian, calls } = world;
      // A struck stake with purses, a slot that is quiet, and a game.
      const lie = await world.claim(carol, 'root', 3n, WRONG);
      await world.claim(alice, 'root', 3n);
      const lost = await world.challenge(bob, lie.id);
      await world.goTo(lost.deadline);
      await world.send(bob, calls.settle(lost.id));
      const game = await open('root', N);
      const slot = await world.dispute.slot('root', 3n);
      expect(slot.quietUntil).toBeGreaterThan((await world.view()).time);
      const before = await world.view();
      await world.send(guardian, calls.pause());
      await world.advance(300n);
      const during = await world.view();
      expect(during.paused).toBe(true);
      expect(during.time - before.time).toBeLessThan(5n);
      for (const part of ['games', 'claims', 'stakes'] as const) expect(during[part]).toEqual(before[part]);
      expect(await world.dispute.slot('root', 3n)).toEqual(slot);
      expect(slot.quietUntil).toBeGreaterThan(during.time);
      expect(during.stakes[0]!.pursesUntil).toBeGreaterThan(during.time);
      await world.send(guardian, calls.unpause());
      const after = await world.view();
      expect(after.time - before.time).toBeLessThan(10n);
      await world.state(game.claimId, 6n);
      expect((await world.game(game.id)).phase).toBe('challengerAnswers');
      // A second pause adds to the first.
      await world.send(guardian, calls.pause());
      await world.advance(100n);
      await world.send(guardian, calls.unpause());
      expect((await world.view()).time - after.time).toBeLessThan(10n);
    }));

  it('test_pause_refusesMoves', () =>
    world.isolated(async () => {
      const { alice, bob, calls, carol, parameters, posts, sequencer } = world;
      const game = await open('root', N);
      const second = await open('diff', 1n);
      await world.state(game.claimId, 6n);
      await world.send(bob, calls.deposit(10n));
      const view = await world.view();
      const { claimHash } = view.claims[0]!;
      await world.send(world.guardian, calls.pause());
      const paused = [
        [carol, calls.stake(parameters.stake)],
        [alice, calls.unstake()],
        [bob, calls.closePurses(1n)],
        [alice, calls.claim('root', 3n, world.hash(3n), 1n)],
        [alice, calls.state(game.claimId, claimHash, [3n], [1n])],
        [alice, calls.resolve([game.claimId])],
        [bob, calls.challenge(game.claimId, claimHash, 1n, parameters.bond)],
        [bob, calls.answer(game.id, view.games[0]!.stateHash, true)],
        [bob, calls.settle(game.id)],
        [bob, calls.reimburse(game.id)],
        [bob, calls.finalizeProven('root', 1n)],
        [sequencer, posts.submitBatchAndClaim(await world.nextBatch(), 1n)],
        [world.guardian, calls.pause()],
      ] as const;
      for (const [wallet, call] of paused) await expectRefusal(world.send(wallet, call), 'EnforcedPause');
      await expectRefusal(world.prove(bob, 1n, world.roots[0]!, 'diff', [second.id]), 'EnforcedPause');
      // Batches go on, and earned money can be taken out.
      await world.send(sequencer, posts.submitBatch(await world.nextBatch()));
      await world.send(bob, calls.withdraw(bob.account.address, 10n));
    }));

  it('test_pause_onlyGuardian', () =>
    world.isolated(async () => {
      const { bob, calls, guardian, parameters } = world;
      await expectRefusal(world.send(bob, calls.pause()), 'NotGuardian');
      await expectRefusal(world.send(guardian, calls.unpause()), 'ExpectedPause');
      await world.send(guardian, calls.pause());
      await expectRefusal(world.send(bob, calls.unpause()), 'NotGuardian');
      // A guardian that has gone cannot freeze the money for ever.
      await world.advance(parameters.maxPause);
      await world.send(bob, calls.unpause());
      expect((await world.view()).paused).toBe(false);
      await expectRefusal(world.send(bob, calls.unpause()), 'ExpectedPause');
    }));
});
