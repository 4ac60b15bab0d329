import { parseGwei } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MOVE_GAS } from '../../src/dispute/move-gas.js';
import { createDisputeWorld, type DisputeWorld, f } from '../helpers/dispute-world.js';
import { expectRefusal } from '../helpers/refusal.js';

/** Everything a game can do between its challenge and its settlement, with 12 batches and no final root but genesis. */
let world: DisputeWorld;
const [WRONG, N] = [555n, 12n];
beforeAll(async () => {
  world = await createDisputeWorld();
  await world.post(12);
});
afterAll(() => world?.l1.stop());

const root = (n: bigint) => world.roots[Number(n)]!;
/** A root a liar states: right before `fault`, made up from there on. */
const lie = (fault: bigint, n: bigint) => (n < fault ? root(n) : 1_000_000n + n);

/** Plays a bisection to its end: the claimant states by `states`, the challenger answers by the truth. */
async function bisect(gameId: bigint, states: (n: bigint) => bigint): Promise<bigint[]> {
  const asked: bigint[] = [];
  for (let game = await world.game(gameId); game.phase !== 'prove'; game = await world.game(gameId)) {
    if (game.phase === 'claimantStates') {
      asked.push(game.index);
      await world.state(game.claimId, game.index, states(game.index));
    } else {
      expect(game.phase).toBe('challengerAnswers');
      await world.answer(gameId, game.root === root(game.index));
    }
  }
  return asked;
}

/** Credits before and after, and that no wei is lost in between. */
async function credits(run: () => Promise<void>): Promise<bigint[]> {
  const parties = world.players.slice(0, 3);
  const before = await Promise.all(parties.map((player) => world.credit(player)));
  await run();
  const { held, credit, locked, burned } = await world.dispute.money();
  expect(held).toBe(credit + locked + burned);
  const after = await Promise.all(parties.map((player) => world.credit(player)));
  return after.map((value, i) => value - before[i]!);
}

describe('case A: the players agree on the root before the batch', () => {
  it('test_settle_caseA_challengerWins: the proven diff is not the claimed one', () =>
    world.isolated(async () => {
      const { alice, bob, carol: prover } = world;
      const { stake, bond, reward, proofPay, proofPurse, movePurse } = world.parameters;
      const claim = await world.claim(alice, 'diff', N, WRONG);
      const game = await world.challenge(bob, claim.id);
      expect(game).toMatchObject({ phase: 'claimantStates', index: N - 1n, base: 0n, lo: 0n, hi: N - 1n });
      await world.state(claim.id, N - 1n);
      const asked = { phase: 'prove', mode: 'diff', index: N, agreed: root(N - 1n), target: WRONG };
      expect(await world.game(game.id)).toMatchObject(asked);
      const { spent } = await world.game(game.id);
      const moved = await credits(() => world.prove(prover, N, root(N - 1n), 'diff', [game.id]));
      const { cost, owed } = (await world.dispute.proven(world.hash(N), root(N - 1n), 'diff'))!;
      expect(spent).toBeGreaterThan(0n);
      expect(cost).toBeGreaterThan(0n);
      expect(owed).toBe(0n);
      expect(moved).toEqual([0n, bond + reward + spent, cost + proofPay]);
      expect((await world.dispute.money()).burned).toBe(stake - reward - proofPurse - movePurse);
      expect(await world.stakeView(1n)).toMatchObject({
        struck: true,
        proofPurse: proofPurse - cost - proofPay,
        movePurse: movePurse - spent,
        rewardLeft: false,
        proofPayLeft: false,
      });
      expect(await world.game(game.id)).toMatchObject({ phase: 'closed', outcome: 'challengerWins' });
      expect(await world.claimView(claim.id)).toMatchObject({ status: 'refuted', recorded: true });
    }));

  it('test_settle_caseA_claimantWins: the proven diff is the claimed one; the claim becomes final', () =>
    world.isolated(async () => {
      const { alice, bob, carol: prover } = world;
      const { bond, moveFee, stake, diffWindow } = world.parameters;
      const claim = await world.claim(alice, 'diff', N);
      const game = await world.challenge(bob, claim.id);
      await world.state(claim.id, N - 1n);
      const moved = await credits(() => world.prove(prover, N, root(N - 1n), 'diff', [game.id]));
      expect(moved).toEqual([moveFee, 0n, 0n]);
      expect((await world.dispute.money()).burned).toBe(bond - moveFee);
      expect(await world.claimView(claim.id)).toMatchObject({ status: 'open', openGames: 0n });
      await world.advance(diffWindow);
      expect(await world.claimView(claim.id)).toMatchObject({ status: 'final', recorded: false });
      await expectRefusal(world.send(alice, world.calls.unstake()), 'LiveClaims');
      await world.send(bob, world.calls.resolve([claim.id]));
      await world.send(alice, world.calls.unstake());
      expect(await world.credit(alice)).toBe(moveFee + stake);
      expect(await world.dispute.finalValue('diff', N)).toBe(claim.value);
    }));

  it('test_challenge_noBisection: with the root before the batch final, the game starts at the proof', () =>
    world.isolated(async () => {
      const { alice, bob } = world;
      const claim = await world.claim(alice, 'diff', 1n, WRONG);
      const game = await world.challenge(bob, claim.id, 999n);
      const start = { phase: 'prove', mode: 'diff', index: 1n, agreed: root(0n), target: WRONG, preRoot: 0n };
      expect(game).toMatchObject({ ...start, lo: 0n, hi: 0n });
      await world.prove(bob, 1n, root(0n), 'diff', [game.id]);
      expect(await world.game(game.id)).toMatchObject({ outcome: 'challengerWins' });
    }));
});

describe('case B: the claimant states another root before the batch', () => {
  it('test_settle_caseB_challengerWins: x lies strictly inside, after at least three rounds', () =>
    world.isolated(async () => {
      const { alice, bob, carol: prover, dave: other } = world;
      const { bond, reward, proofPay } = world.parameters;
      const others = await world.claim(other, 'diff', 3n);
      const claim = await world.claim(alice, 'diff', N, WRONG);
      const game = await world.challenge(bob, claim.id);
      const asked = await bisect(game.id, (n) => lie(5n, n));
      expect(asked[0]).toBe(N - 1n);
      expect(asked.length - 1).toBeGreaterThanOrEqual(3);
      const found = { phase: 'prove', mode: 'root', index: 5n, agreed: root(4n), target: lie(5n, 5n) };
      expect(await world.game(game.id)).toMatchObject({ ...found, lo: 4n, hi: 5n });
      const { spent } = await world.game(game.id);
      const moved = await credits(() => world.prove(prover, 5n, root(4n), 'root', [game.id]));
      const { cost } = (await world.dispute.proven(world.hash(5n), root(4n), 'root'))!;
      expect(moved).toEqual([0n, bond + reward + spent, cost + proofPay]);
      expect(await world.claimView(claim.id)).toMatchObject({ status: 'refuted' });
      expect(await world.claimView(others.id)).toEqual(others);
    }));

  it('test_settle_caseB_claimantWins: the challenger made its own root up', () =>
    world.isolated(async () => {
      const { alice, bob, carol: prover } = world;
      const { moveFee } = world.parameters;
      const claim = await world.claim(alice, 'diff', N);
      const game = await world.challenge(bob, claim.id, 4_242n);
      for (let now = await world.game(game.id); now.phase !== 'prove'; now = await world.game(game.id)) {
        if (now.phase === 'claimantStates') await world.state(claim.id, now.index);
        else await world.answer(game.id, now.index < 7n);
      }
      const last = await world.game(game.id);
      expect(last).toMatchObject({ index: 7n, agreed: root(6n), target: root(7n), mode: 'root' });
      const moved = await credits(() => world.prove(prover, 7n, root(6n), 'root', [game.id]));
      // The root before the batch, and one for each of three or four rounds.
      expect(moved[0]! % moveFee).toBe(0n);
      expect(moved[0]! / moveFee).toBeGreaterThanOrEqual(4n);
      expect(await world.claimView(claim.id)).toMatchObject({ status: 'open' });
    }));

  it('test_challenge_twoBehind: the base is the batch before the one before: no round at all', () =>
    world.isolated(async () => {
      const { alice, bob } = world;
      const claim = await world.claim(alice, 'diff', 2n, WRONG);
      const game = await world.challenge(bob, claim.id);
      await world.state(claim.id, 1n, 77n);
      const direct = { phase: 'prove', mode: 'root', index: 1n, agreed: root(0n), target: 77n };
      expect(await world.game(game.id)).toMatchObject(direct);
    }));
});

describe('root claims', () => {
  it('test_settle_root_challengerWins', () =>
    world.isolated(async () => {
      const { alice, bob } = world;
      const claim = await world.claim(alice, 'root', N, lie(9n, N));
      const game = await world.challenge(bob, claim.id, 3n);
      expect(game).toMatchObject({ lo: 0n, hi: N, index: 6n, preRoot: 0n });
      expect(await bisect(game.id, (n) => lie(9n, n))).toEqual([6n, 9n, 7n, 8n]);
      expect(await world.game(game.id)).toMatchObject({ index: 9n, agreed: root(8n), target: lie(9n, 9n) });
      await world.prove(bob, 9n, root(8n), 'root', [game.id]);
      expect(await world.game(game.id)).toMatchObject({ outcome: 'challengerWins' });
    }));

  it('test_settle_root_claimantWins: x is the claim itself', () =>
    world.isolated(async () => {
      const { alice, bob } = world;
      const claim = await world.claim(alice, 'root', N);
      const game = await world.challenge(bob, claim.id);
      await bisect(game.id, root);
      expect(await world.game(game.id)).toMatchObject({ index: N, agreed: root(N - 1n), target: root(N) });
      await world.prove(bob, N, root(N - 1n), 'root', [game.id]);
      expect(await world.game(game.id)).toMatchObject({ outcome: 'claimantWins' });
    }));

  it('test_challenge_rootAdjacent: nothing to bisect', () =>
    world.isolated(async () => {
      const { alice, bob } = world;
      const claim = await world.claim(alice, 'root', 1n, WRONG);
      const game = await world.challenge(bob, claim.id);
      const direct = { phase: 'prove', mode: 'root', index: 1n, agreed: root(0n), target: WRONG };
      expect(game).toMatchObject(direct);
    }));
});

describe('statements belong to the claim', () => {
  it('test_state_sharedByGames: one statement answers every game that asks for the index', () =>
    world.isolated(async () => {
      const { alice, bob, carol, dave } = world;
      const claim = await world.claim(alice, 'diff', N);
      const concurring = await world.challenge(bob, claim.id);
      const differing = await world.challenge(carol, claim.id, 31_337n);
      await world.state(claim.id, N - 1n);
      expect(await world.game(concurring.id)).toMatchObject({ phase: 'prove', mode: 'diff' });
      expect(await world.game(differing.id)).toMatchObject({ phase: 'claimantStates', index: 5n });
      await world.state(claim.id, 5n);
      await world.state(claim.id, 5n); // a retry changes nothing
      expect(await world.game(differing.id)).toMatchObject({ phase: 'challengerAnswers', root: root(5n) });
      await expectRefusal(world.challenge(bob, claim.id, 1n), 'AlreadyChallenged');
      const late = await world.challenge(dave, claim.id, 1n);
      expect(late).toMatchObject({ phase: 'challengerAnswers', index: 5n });
    }));

  it('test_state_refusals', () =>
    world.isolated(async () => {
      const { alice, bob } = world;
      const { id, claimHash } = await world.claim(alice, 'diff', N);
      const other = await world.claim(alice, 'diff', 3n);
      const state = (index: bigint, value: bigint, hash = claimHash, claimId = id) =>
        world.send(alice, world.calls.state(claimId, hash, [index], [value]));
      await expectRefusal(state(5n, 1n, claimHash, 99n), 'UnknownClaim');
      await expectRefusal(world.send(bob, world.calls.state(id, claimHash, [5n], [1n])), 'NotClaimant');
      await expectRefusal(state(5n, 1n, other.claimHash), 'StaleMove');
      await expectRefusal(state(0n, 1n), 'WrongIndex');
      await expectRefusal(state(N, 1n), 'WrongIndex');
      await expectRefusal(state(5n, 2n ** 254n), 'RootNotCanonical');
      await state(5n, 1n);
      await expectRefusal(state(5n, 2n), 'AlreadyStated');
      expect(await world.dispute.statement(id, 5n)).toBe(1n);
      expect(await world.dispute.statement(id, 6n)).toBeUndefined();
      const uneven = world.calls.state(id, claimHash, [6n, 7n], [1n]);
      await expectRefusal(world.send(alice, uneven), 'WrongIndex');
      await world.send(alice, world.calls.state(id, claimHash, [6n, 7n], [1n, 2n]));
      expect(await world.dispute.statement(id, 7n)).toBe(2n);
      await world.advance(world.parameters.diffWindow);
      await expectRefusal(state(8n, 2n), 'ClaimDecided');
    }));
});

describe('moves are refused', () => {
  it('test_challenge_reverts', () =>
    world.isolated(async () => {
      const { alice, bob } = world;
      const { bond, diffWindow, proofWindow } = world.parameters;
      const { id, claimHash } = await world.claim(alice, 'diff', 1n);
      const second = await world.claim(alice, 'diff', 2n);
      const challenge = (claimId = id, hash = claimHash, pre = 1n, value = bond) =>
        world.send(bob, world.calls.challenge(claimId, hash, pre, value));
      await expectRefusal(challenge(99n), 'UnknownClaim');
      await expectRefusal(challenge(id, second.claimHash), 'StaleMove');
      await expectRefusal(challenge(id, claimHash, 2n ** 254n), 'RootNotCanonical');
      await expectRefusal(challenge(id, claimHash, 1n, bond - 1n), 'InsufficientCredit');
      await world.advance(diffWindow - proofWindow / 2n);
      await challenge();
      await expectRefusal(challenge(), 'AlreadyChallenged');
      await world.advance(proofWindow / 2n);
      // One claim is past its deadline with a game open, the other is final.
      await expectRefusal(world.challenge(world.carol, id), 'WindowClosed');
      await expectRefusal(challenge(second.id, second.claimHash), 'ClaimDecided');
    }));

  it('test_answer_reverts', () =>
    world.isolated(async () => {
      const { alice, bob, carol } = world;
      const claim = await world.claim(alice, 'root', N);
      const { id } = await world.challenge(bob, claim.id);
      const waiting = await world.game(id);
      const answer = (hash: `0x${string}`, gameId = id, wallet = bob) =>
        world.send(wallet, world.calls.answer(gameId, hash, true));
      await expectRefusal(answer(waiting.stateHash, 99n), 'UnknownGame');
      await expectRefusal(answer(waiting.stateHash, id, carol), 'NotChallenger');
      await expectRefusal(answer(waiting.stateHash), 'WrongPhase');
      await world.state(claim.id, 6n);
      await expectRefusal(answer(waiting.stateHash), 'StaleMove');
      const { stateHash } = await world.game(id);
      await answer(stateHash);
      await expectRefusal(answer(stateHash), 'StaleMove');
      await expectRefusal(world.send(carol, world.calls.settle(99n)), 'UnknownGame');
      await expectRefusal(world.send(carol, world.calls.settle(id)), 'NotDecided');
    }));

  it('test_moves_afterSettlement_revert', () =>
    world.isolated(async () => {
      const { alice, bob } = world;
      const claim = await world.claim(alice, 'root', N);
      const { id } = await world.challenge(bob, claim.id);
      await world.state(claim.id, 6n);
      await world.advance(world.parameters.clock);
      await world.send(bob, world.calls.settle(id));
      const { stateHash } = await world.game(id);
      await expectRefusal(world.send(bob, world.calls.answer(id, stateHash, true)), 'GameIsClosed');
      await expectRefusal(world.send(bob, world.calls.settle(id)), 'GameIsClosed');
      // A proof is still taken, as a statement about f; the closed game in its list is skipped.
      const money = await world.dispute.money();
      await world.prove(alice, 7n, root(6n), 'root', [id]);
      expect(await world.dispute.money()).toEqual(money);
      expect(await world.game(id)).toMatchObject({ outcome: 'claimantWins' });
    }));
});

describe('one proof, many games', () => {
  it('test_prove_settlesEveryGameOfTheTriple', () =>
    world.isolated(async () => {
      const { alice, bob, carol, dave } = world;
      const { reward, proofPay, bond } = world.parameters;
      const first = await world.claim(alice, 'diff', N, WRONG);
      const second = await world.claim(carol, 'root', N, lie(4n, N));
      const third = await world.claim(dave, 'root', 10n, lie(4n, 10n));
      const games = [];
      for (const { id } of [second, third]) {
        const game = await world.challenge(bob, id);
        await bisect(game.id, (n) => lie(4n, n));
        games.push(game.id);
      }
      const own = await world.challenge(bob, first.id);
      await world.prove(bob, 4n, root(3n), 'root', [games[0]!]);
      // The settlement, too, is paid to a challenger that makes it.
      const settling = MOVE_GAS.settle * ((await world.reader.getBlock()).baseFeePerGas! + parseGwei('1'));
      expect(await world.game(games[0]!)).toMatchObject({ outcome: 'challengerWins', phase: 'closed' });
      expect(await world.game(games[1]!)).toMatchObject({ outcome: 'challengerWins', phase: 'decided' });
      expect(await world.game(own.id)).toMatchObject({ phase: 'claimantStates' });
      const [ofFirst, ofSecond] = (await world.view()).games.map(({ spent }) => spent);
      const { cost, ...proof } = (await world.dispute.proven(world.hash(4n), root(3n), 'root'))!;
      // The proof is paid once, the reward by each stake.
      expect(await world.credit(bob)).toBe(bond + reward + ofFirst! + settling + cost + proofPay);
      await world.send(carol, world.calls.settle(games[1]!));
      expect(await world.credit(bob)).toBe(2n * (bond + reward) + ofFirst! + ofSecond! + settling + cost + proofPay);
      expect(await world.stakeView(3n)).toMatchObject({ struck: true, proofPayLeft: true });
      await expectRefusal(world.send(bob, world.calls.reimburse(games[1]!)), 'NotReimbursable');
      expect(proof).toMatchObject({
        value: f(world.hash(4n), root(3n), 'root'),
        payee: bob.account.address,
        owed: 0n,
      });
      await expectRefusal(world.prove(bob, 4n, root(3n), 'root'), 'AlreadyProven');
    }));
});
