import { encodeFunctionData, parseGwei, toFunctionSelector } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Dispute } from '../../contracts/generated/artifacts.js';
import { batchHash } from '../../src/batch/header.js';
import { MOVE_GAS } from '../../src/dispute/move-gas.js';
import { createDisputeWorld, type DisputeWorld, f, fakeBundle } from '../helpers/dispute-world.js';
import { expectRefusal } from '../helpers/refusal.js';

/** Claims, their windows, the cascade, final values. */
let world: DisputeWorld;
const [WRONG, N] = [555n, 12n];
beforeAll(async () => {
  world = await createDisputeWorld();
  await world.post(12);
});
afterAll(() => world?.l1.stop());

const root = (n: bigint) => world.roots[Number(n)]!;

/** What a settlement of the challenger's own is paid, in the newest block. */
const settling = async () => MOVE_GAS.settle * ((await world.reader.getBlock()).baseFeePerGas! + parseGwei('1'));

describe('claim', () => {
  it('test_claim_full: opens the window of its kind, becomes final by time alone', () =>
    world.isolated(async () => {
      const { alice, parameters } = world;
      const claim = await world.claim(alice, 'root', N);
      const diff = await world.claim(alice, 'diff', N);
      const open = { kind: 'root', number: N, value: root(N), stakeId: 1n, status: 'open', openGames: 0n, rivals: 0n };
      expect(claim).toMatchObject({ ...open, id: 1n, challengeable: true, recorded: false });
      const { timestamp } = await world.reader.getBlock();
      expect(diff.deadline - timestamp).toBe(parameters.diffWindow);
      await world.goTo(claim.deadline);
      expect(await world.claimView(1n)).toMatchObject({ status: 'final', recorded: false });
      expect(await world.dispute.finalValue('root', N)).toBeUndefined();
      await world.resolve(1n, diff.id);
      expect(await world.claimView(1n)).toMatchObject({ status: 'final', recorded: true });
      // The other one, not yet over, was skipped.
      expect(await world.claimView(diff.id)).toMatchObject({ status: 'open', recorded: false });
      expect(await world.dispute.finalValue('root', N)).toBe(root(N));
      expect((await world.view()).lastFinalRoot).toBe(N);
    }));

  it('test_claim_reverts', () =>
    world.isolated(async () => {
      const { alice, bob, parameters, calls } = world;
      const { diffWindow } = parameters;
      const claim = (kind: 'diff' | 'root', n: bigint, value: bigint, hash = world.hash(n)) =>
        world.send(alice, calls.claim(kind, n, hash, value));
      await expectRefusal(claim('diff', 12n, 1n), 'NotStaked');
      await world.stake(alice);
      await expectRefusal(claim('diff', 0n, 1n), 'WrongBatch');
      await expectRefusal(claim('diff', 13n, 1n, world.hash(12n)), 'WrongBatch');
      await expectRefusal(claim('diff', 12n, 1n, world.hash(11n)), 'WrongBatch');
      await expectRefusal(claim('root', 12n, 2n ** 254n), 'RootNotCanonical');
      await claim('diff', 12n, 2n ** 256n - 1n); // a diff hash is any word
      await expectRefusal(claim('diff', 12n, 1n), 'AlreadyClaimed');
      await expectRefusal(world.send(bob, calls.resolve([1n])), 'NothingToResolve');
      await expectRefusal(world.send(bob, calls.resolve([])), 'NothingToResolve');
      await expectRefusal(world.send(bob, calls.resolve([2n])), 'UnknownClaim');
      await world.advance(diffWindow);
      await world.resolve(1n);
      await expectRefusal(world.send(bob, calls.resolve([1n])), 'NothingToResolve');
      await expectRefusal(world.claim(bob, 'diff', 12n), 'AlreadyFinal');
    }));

  it('test_claim_tooFarAhead: N_max beyond the last final root, and no further', async () => {
    const maxAhead = 32n;
    const small = await createDisputeWorld({ maxAhead }, { minInterval: 100n });
    try {
      await small.post(34);
      expect(await small.claim(small.alice, 'root', maxAhead)).toMatchObject({ status: 'open' });
      await expectRefusal(small.claim(small.alice, 'diff', maxAhead + 1n), 'TooFarAhead');
      await small.prove(small.bob, 1n, small.roots[0]!, 'root');
      expect(await small.claim(small.alice, 'diff', maxAhead + 1n)).toMatchObject({ status: 'open' });
      await expectRefusal(small.claim(small.alice, 'diff', maxAhead + 2n), 'TooFarAhead');
    } finally {
      await small.l1.stop();
    }
  });

  it('test_claim_rootEvery (H12): roots are claimed at multiples of K; a proof makes any final', async () => {
    const few = await createDisputeWorld({ rootEvery: 4n });
    try {
      await few.post(4);
      await expectRefusal(few.claim(few.alice, 'root', 3n), 'WrongIndex');
      expect(await few.claim(few.alice, 'root', 4n)).toMatchObject({ status: 'open' });
      expect(await few.claim(few.alice, 'diff', 3n)).toMatchObject({ status: 'open' });
      await few.prove(few.bob, 1n, few.roots[0]!, 'root');
      expect(await few.dispute.finalValue('root', 1n)).toBe(few.roots[1]);
      expect(await few.dispute.baseOf(4n)).toBe(1n);
    } finally {
      await few.l1.stop();
    }
  });

  it('test_claimFor_stranger_reverts', async () => {
    const args = [world.bob.account.address, 0, 12n, world.hash(12n), 1n] as const;
    const data = encodeFunctionData({ abi: Dispute.abi, functionName: 'claimFor', args });
    await expectRefusal(world.send(world.alice, { to: world.dispute.address, data, value: 0n }), 'NotRollup');
  });

  it('test_resolve_waitsForGames (H5): past its deadline, a claim with an open game is not final', () =>
    world.isolated(async () => {
      const { alice, bob, parameters, calls } = world;
      const claim = await world.claim(alice, 'root', N);
      await world.goTo(claim.deadline - 10n);
      const game = await world.challenge(bob, claim.id);
      await world.advance(20n);
      expect((await world.claimView(claim.id)).status).toBe('open');
      await expectRefusal(world.send(bob, calls.resolve([claim.id])), 'NothingToResolve');
      await world.state(claim.id, 6n);
      await world.advance(parameters.clock);
      await world.send(alice, calls.settle(game.id));
      expect((await world.claimView(claim.id)).status).toBe('final');
    }));
});

describe('cascade', () => {
  it('test_settle_cascade: one lost game voids all that is not final; games on it end with bond and costs', () =>
    world.isolated(async () => {
      const { alice, bob, carol, dave, parameters, calls } = world;
      const { bond, reward, proofPay } = parameters;
      const old = await world.claim(alice, 'root', 2n);
      await world.goTo(old.deadline - 20n);
      const claims = [await world.claim(alice, 'root', N), await world.claim(alice, 'diff', 7n)];
      const others = await world.claim(dave, 'diff', 8n);
      const games = [
        await world.challenge(bob, claims[0]!.id),
        await world.challenge(carol, claims[0]!.id),
        await world.challenge(carol, claims[1]!.id),
      ];
      await world.state(claims[0]!.id, 6n);
      await world.advance(20n); // `old` is final now, though nobody has recorded it
      await world.strike(world.alice, world.bob);
      const own = await settling();
      const statuses = (await world.view()).claims.map(({ status }) => status);
      expect(statuses).toEqual(['final', 'void', 'void', 'open', 'refuted']);
      expect(await world.claimView(others.id)).toEqual(others);
      const { cost } = (await world.dispute.proven(world.hash(1n), root(0n), 'diff'))!;
      const spent = async (id: bigint) => (await world.game(id)).spent;
      expect(await world.credit(bob)).toBe(bond + reward + (await spent(4n)) + own + cost + proofPay);
      await expectRefusal(world.answer(games[0]!.id, true), 'WrongPhase');
      const before = [await world.credit(bob), await world.credit(carol)];
      for (const { id } of games) {
        expect(await world.game(id)).toMatchObject({ phase: 'decided', outcome: 'claimFell' });
        await world.send(dave, calls.settle(id));
      }
      const [first, second, third] = await Promise.all(games.map(({ id }) => spent(id)));
      expect((await world.credit(bob)) - before[0]!).toBe(bond + first!);
      expect((await world.credit(carol)) - before[1]!).toBe(2n * bond + second! + third!);
      await world.resolve(old.id);
      expect(await world.dispute.finalValue('root', 2n)).toBe(root(2n));
      const { burned, held, credit, locked } = await world.dispute.money();
      expect(held).toBe(burned + credit + locked);
      const { proofPurse, movePurse } = await world.stakeView(1n);
      expect(locked).toBe(parameters.stake + proofPurse + movePurse);
      await expectRefusal(world.challenge(dave, claims[0]!.id), 'ClaimDecided');
    }));

  it('test_resolve_void: a claim that fell without a game is void, however late that is recorded', () =>
    world.isolated(async () => {
      const { alice } = world;
      const fell = await world.claim(alice, 'root', N);
      await world.strike(world.alice, world.bob);
      // That nobody records it until its window is over does not make it final.
      await world.goTo(fell.deadline);
      expect(await world.claimView(fell.id)).toMatchObject({ status: 'void', recorded: false });
      const before = await world.dispute.money();
      await world.resolve(fell.id);
      expect(await world.dispute.money()).toEqual(before);
      expect(await world.claimView(fell.id)).toMatchObject({ status: 'void', recorded: true });
    }));

  it('test_puppets: two that agree on a false root move only their own money', () =>
    world.isolated(async () => {
      const { alice, bob, carol, dave, parameters } = world;
      const honest = await world.claim(dave, 'root', N);
      const mine = await world.claim(alice, 'diff', N, WRONG);
      const own = [];
      for (const [puppet, preRoot] of [
        [bob, 666n],
        [carol, 667n],
        [world.players[5]!, 668n],
      ] as const) {
        own.push(await world.challenge(puppet, mine.id, preRoot));
      }
      await world.state(mine.id, N - 1n, 667n);
      expect(await world.game(own[1]!.id)).toMatchObject({ phase: 'prove', agreed: 667n, mode: 'diff' });
      // f on the made-up state is a fact about f, and says nothing about the chain.
      await world.prove(carol, N, 667n, 'diff', [own[1]!.id]);
      const settled = await settling();
      expect(await world.game(own[1]!.id)).toMatchObject({ outcome: 'challengerWins' });
      for (const game of [own[0]!, own[2]!]) {
        expect(await world.game(game.id)).toMatchObject({ phase: 'decided', outcome: 'claimFell' });
      }
      expect(await world.dispute.finalValue('diff', N)).toBeUndefined();
      expect(await world.claimView(honest.id)).toEqual(honest);
      const fresh = await world.claim(dave, 'diff', N);
      expect(fresh.status).toBe('open');
      // What they get back of the stake is R, q, and gas that they have burned.
      const { spent } = await world.game(own[1]!.id);
      const { cost } = (await world.dispute.proven(world.hash(N), 667n, 'diff'))!;
      const { bond, reward, proofPay } = parameters;
      expect(await world.credit(carol)).toBe(bond + reward + proofPay + cost + spent + settled);
    }));
});

describe('final by proof', () => {
  it('test_prove_finalizes: from a final root, without any claim or game', () =>
    world.isolated(async () => {
      const { carol } = world;
      for (const n of [1n, 2n, 3n]) await world.prove(carol, n, root(n - 1n), 'root');
      await world.prove(carol, 4n, root(3n), 'diff');
      expect(await world.dispute.finalValue('root', 3n)).toBe(root(3n));
      expect(await world.dispute.finalValue('diff', 4n)).toBe(world.diffs[4]);
      expect((await world.view()).lastFinalRoot).toBe(3n);
      await expectRefusal(world.claim(world.alice, 'diff', 4n), 'AlreadyFinal');
      await expectRefusal(world.claim(world.alice, 'root', 2n), 'AlreadyFinal');
    }));

  it('test_prove_upholdsTheClaim: the claim is final at once and its challengers lose', () =>
    world.isolated(async () => {
      const { alice, bob, carol, calls, parameters } = world;
      const claim = await world.claim(alice, 'root', 1n);
      const game = await world.challenge(bob, claim.id);
      await world.prove(carol, 1n, root(0n), 'root');
      expect(await world.claimView(claim.id)).toMatchObject({ status: 'final', recorded: false });
      expect(await world.game(game.id)).toMatchObject({ phase: 'decided', outcome: 'claimantWins' });
      await world.send(alice, calls.settle(game.id));
      expect(await world.claimView(claim.id)).toMatchObject({ status: 'final', recorded: true });
      expect(await world.credit(bob)).toBe(0n);
      expect((await world.dispute.money()).burned).toBe(parameters.bond);
      await world.send(alice, calls.unstake());
    }));

  it('test_prove_refutesTheClaim: the other value is final; recording strikes, and R waits for the game', () =>
    world.isolated(async () => {
      const { alice, bob, carol, parameters, calls } = world;
      const { bond, reward } = parameters;
      const other = await world.claim(alice, 'diff', 9n);
      const claim = await world.claim(alice, 'root', 2n, WRONG);
      const game = await world.challenge(bob, claim.id);
      await world.prove(carol, 2n, root(1n), 'root', [game.id]); // proven before its pre-root is final
      expect(await world.claimView(claim.id)).toMatchObject({ status: 'open' });
      await expectRefusal(world.send(bob, calls.finalizeProven('root', 2n)), 'NotProven');
      await world.prove(carol, 1n, root(0n), 'root');
      await world.send(bob, calls.finalizeProven('root', 2n));
      expect(await world.dispute.finalValue('root', 2n)).toBe(root(2n));
      expect(await world.claimView(claim.id)).toMatchObject({ status: 'refuted', recorded: false });
      await world.resolve(claim.id);
      expect(await world.claimView(other.id)).toMatchObject({ status: 'void' });
      expect(await world.credit(carol)).toBe(0n);
      const { spent } = await world.game(game.id);
      await world.send(carol, calls.settle(game.id));
      expect(await world.credit(bob)).toBe(bond + reward + spent);
      // The game never asked for batch 2 on the root that it was proven from: nobody owes for that proof.
      expect(await world.credit(carol)).toBe(0n);
      expect(await world.stakeView(1n)).toMatchObject({ proofPurse: parameters.proofPurse, proofPayLeft: true });
      await expectRefusal(world.send(bob, calls.finalizeProven('root', 2n)), 'AlreadyFinal');
    }));

  it('test_prove_unchallenged: without a game, R is for the payee of the proof', () =>
    world.isolated(async () => {
      const { alice, bob, carol, parameters } = world;
      const claim = await world.claim(alice, 'root', 1n, WRONG);
      await world.prove(carol, 1n, root(0n), 'root');
      await world.send(bob, world.calls.resolve([claim.id]));
      expect(await world.credit(carol)).toBe(parameters.reward);
      expect(await world.claimView(claim.id)).toMatchObject({ status: 'refuted', recorded: true });
    }));

  it('test_prove_late: a false value that time made final is still refuted until it is recorded, and never after', () =>
    world.isolated(async () => {
      const { alice, bob, carol, calls } = world;
      const first = await world.claim(alice, 'root', 1n, WRONG); // nobody was watching
      const second = await world.claim(bob, 'diff', 1n, WRONG);
      await world.goTo(second.deadline);
      expect(await world.claimView(first.id)).toMatchObject({ status: 'final', recorded: false });
      await world.prove(carol, 1n, root(0n), 'root');
      expect(await world.dispute.finalValue('root', 1n)).toBe(root(1n));
      expect(await world.claimView(first.id)).toMatchObject({ status: 'refuted', recorded: false });
      await world.resolve(second.id);
      await world.prove(carol, 1n, root(0n), 'diff');
      expect(await world.claimView(second.id)).toMatchObject({ status: 'final', recorded: true });
      expect(await world.dispute.finalValue('diff', 1n)).toBe(WRONG);
      await expectRefusal(world.send(carol, calls.finalizeProven('diff', 1n)), 'AlreadyFinal');
      await expectRefusal(world.send(carol, calls.finalizeProven('root', 13n)), 'WrongBatch');
      await expectRefusal(world.send(carol, calls.finalizeProven('diff', 3n)), 'NotProven');
    }));

  it('test_prove_reverts: a wrong value, a batch that is not on the chain', () =>
    world.isolated(async () => {
      const { alice, calls } = world;
      const bundle = (n: bigint, value: bigint) =>
        fakeBundle(world, n, root(n - 1n), 'root', value, alice.account.address);
      // The verifier's own error comes through (NotTrue, which only the test knows, by its selector).
      await expectRefusal(world.send(alice, calls.prove(bundle(3n, 1n), [])), toFunctionSelector('NotTrue(uint256)'));
      const right = bundle(3n, root(3n));
      const { batches } = world;
      const foreign = { ...batches[2]!.header, feeRecipient: alice.account.address };
      const shadow = { batches: batches.with(2, { header: foreign, txs: [] }) };
      const value = f(batchHash(foreign), root(2n), 'root');
      const other = fakeBundle(shadow, 3n, root(2n), 'root', value, alice.account.address);
      await expectRefusal(world.send(alice, calls.prove(other, [])), 'WrongBatch');
      await world.send(alice, calls.prove(right, []));
      await expectRefusal(world.send(alice, calls.prove(right, [])), 'AlreadyProven');
    }));

  it('test_baseOf: the greatest recorded final root below, in whatever order roots became final', () =>
    world.isolated(async () => {
      const { alice, bob } = world;
      expect(await world.dispute.baseOf(0n)).toBe(0n);
      await world.claim(alice, 'root', 9n);
      await world.advance(50n);
      const late = await world.claim(alice, 'root', 4n);
      await world.goTo(late.deadline - 1n);
      await world.resolve(1n);
      expect(await world.dispute.baseOf(9n)).toBe(0n);
      expect(await world.dispute.baseOf(10n)).toBe(9n);
      await world.goTo(late.deadline);
      // What nobody has recorded is no base.
      const claim = await world.claim(bob, 'diff', 5n, WRONG);
      expect(await world.challenge(alice, claim.id)).toMatchObject({ base: 0n });
      await world.resolve(late.id);
      const game = await world.challenge(world.carol, claim.id);
      expect(game).toMatchObject({ base: 4n, phase: 'prove', agreed: root(4n) });
      expect(await world.dispute.baseOf(5n)).toBe(4n);
      expect(await world.dispute.baseOf(4n)).toBe(0n);
      expect((await world.view()).lastFinalRoot).toBe(9n);
    }));
});
