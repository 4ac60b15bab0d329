import { encodeFunctionData, toFunctionSelector } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Dispute } from '../../contracts/generated/artifacts.js';
import { batchHash } from '../../src/batch/header.js';
import { createDisputeWorld, type DisputeWorld, f, fakeBundle } from '../helpers/dispute-world.js';
import { expectRefusal } from '../helpers/refusal.js';

/** Claims, their windows, the cascade, takeovers, final values. */
let world: DisputeWorld;
const [WRONG, N] = [555n, 12n];
beforeAll(async () => {
  world = await createDisputeWorld();
  await world.post(12);
});
afterAll(() => world?.l1.stop());

const root = (n: bigint) => world.roots[Number(n)]!;

/** alice loses a game on (diff, 1), to bob, by proof from the genesis root. */
async function aliceLosesOne(): Promise<void> {
  const bad = await world.claim(world.alice, 'diff', 1n, WRONG);
  const game = await world.challenge(world.bob, bad.id);
  await world.prove(world.bob, 1n, root(0n), 'diff', [game.id]);
}

describe('claim', () => {
  it('test_claim_full: locks the stake, opens the window, becomes final by time alone', () =>
    world.isolated(async () => {
      const { alice, parameters } = world;
      await world.send(alice, world.calls.deposit(parameters.stake));
      await world.send(alice, world.calls.claim('root', N, world.hash(N), root(N)));
      const { time, claims } = await world.view();
      expect(claims[0]).toMatchObject({
        id: 1n,
        kind: 'root',
        number: N,
        value: root(N),
        status: 'open',
        openGames: 0n,
      });
      expect(claims[0]!.deadline - time).toBe(parameters.window);
      expect(await world.dispute.money()).toMatchObject({ credit: 0n, locked: parameters.stake });
      await world.advance(parameters.window);
      expect(await world.claimView(1n)).toMatchObject({ status: 'final', recorded: false });
      expect(await world.dispute.finalValue('root', N)).toBeUndefined();
      await world.send(world.bob, world.calls.resolve(1n));
      expect(await world.claimView(1n)).toMatchObject({ status: 'final', recorded: true });
      expect(await world.dispute.finalValue('root', N)).toBe(root(N));
      expect(await world.credit(alice)).toBe(parameters.stake);
      expect((await world.view()).lastFinalRoot).toBe(N);
    }));

  it('test_claim_reverts', () =>
    world.isolated(async () => {
      const { alice, bob, parameters, calls } = world;
      const { stake, window, maxAhead } = parameters;
      const claim = (kind: 'diff' | 'root', n: bigint, value: bigint, hash = world.hash(n), paid = stake) =>
        world.send(alice, calls.claim(kind, n, hash, value, paid));
      await expectRefusal(claim('diff', 0n, 1n), 'WrongBatch');
      await expectRefusal(claim('diff', 13n, 1n, world.hash(12n)), 'WrongBatch');
      await expectRefusal(claim('diff', 12n, 1n, world.hash(11n)), 'WrongBatch');
      await expectRefusal(claim('root', 12n, 2n ** 254n), 'RootNotCanonical');
      await expectRefusal(claim('diff', 12n, 1n, world.hash(12n), stake - 1n), 'InsufficientCredit');
      await claim('diff', 12n, 2n ** 256n - 1n); // a diff hash is any word
      await expectRefusal(claim('diff', 12n, 1n), 'LiveClaim');
      await expectRefusal(world.send(bob, calls.resolve(1n)), 'ClaimIsOpen');
      await expectRefusal(world.send(bob, calls.resolve(2n)), 'UnknownClaim');
      await world.advance(window);
      await expectRefusal(claim('diff', 12n, 1n), 'AlreadyFinal');
      await world.send(bob, calls.resolve(1n));
      await expectRefusal(world.send(bob, calls.resolve(1n)), 'AlreadyResolved');
      await expectRefusal(claim('diff', 12n, 1n), 'AlreadyFinal');
      const data = calls.claim('diff', 11n, world.hash(11n), 1n, stake);
      await world.send(alice, data);
      await world.post(Number(maxAhead) - 12);
      await claim('root', maxAhead, 1n);
      await world.post(1);
      await expectRefusal(claim('diff', maxAhead + 1n, 1n), 'TooFarAhead');
    }));

  it('test_claimFor_stranger_reverts', async () => {
    const args = [world.bob.account.address, 0, 12n, world.hash(12n), 1n] as const;
    const data = encodeFunctionData({ abi: Dispute.abi, functionName: 'claimFor', args });
    await expectRefusal(world.send(world.alice, { to: world.dispute.address, data, value: 0n }), 'NotRollup');
  });

  it('test_resolve_waitsForGames: past its deadline, a claim with an open game is not final', () =>
    world.isolated(async () => {
      const { alice, bob, parameters } = world;
      const claim = await world.claim(alice, 'root', N);
      await world.advance(parameters.window - 10n);
      const game = await world.challenge(bob, claim.id);
      await world.advance(20n);
      expect((await world.claimView(claim.id)).status).toBe('open');
      await expectRefusal(world.send(bob, world.calls.resolve(claim.id)), 'ClaimIsOpen');
      await world.state(claim.id, 6n);
      await world.advance(parameters.clock);
      await world.send(alice, world.calls.settle(game.id));
      expect((await world.claimView(claim.id)).status).toBe('final');
    }));
});

describe('cascade', () => {
  it('test_settle_cascade: one lost game voids all that is not final, games on it end with bond and stipend', () =>
    world.isolated(async () => {
      const { alice, bob, carol, dave, parameters, calls } = world;
      const { window, bond, stipend, stipendCap, reward, proverFee, stake } = parameters;
      const old = await world.claim(alice, 'root', 2n);
      await world.advance(window - 20n);
      const claims = [await world.claim(alice, 'root', N), await world.claim(alice, 'diff', 7n)];
      const others = await world.claim(dave, 'diff', 8n);
      const games = [
        await world.challenge(bob, claims[0]!.id),
        await world.challenge(carol, claims[0]!.id),
        await world.challenge(carol, claims[1]!.id),
      ];
      await world.state(claims[0]!.id, 6n);
      await world.advance(20n); // `old` is final now, though nobody has recorded it
      await aliceLosesOne();
      const statuses = (await world.view()).claims.map(({ status }) => status);
      expect(statuses).toEqual(['final', 'void', 'void', 'open', 'refuted']);
      expect(await world.claimView(others.id)).toEqual(others);
      expect(await world.credit(bob)).toBe(bond + reward + proverFee);
      const view = await world.view();
      await expectRefusal(world.answer(games[0]!.id, true), 'WrongPhase');
      for (const { id } of games) {
        expect(view.games[Number(id) - 1]).toMatchObject({ phase: 'decided', outcome: 'claimFell' });
        await world.send(dave, calls.settle(id));
      }
      const half = stipendCap / 2n < stipend ? stipendCap / 2n : stipend;
      expect(await world.credit(bob)).toBe(2n * bond + reward + proverFee + half);
      expect(await world.credit(carol)).toBe(2n * bond + half + stipend);
      await expectRefusal(world.send(dave, calls.resolve(claims[0]!.id)), 'AlreadyResolved');
      await world.send(dave, calls.resolve(old.id));
      const { burned, held, credit, locked } = await world.dispute.money();
      expect(burned).toBe(3n * stake - reward - proverFee - 2n * half - stipend);
      expect(held).toBe(burned + credit + locked);
      expect(locked).toBe(stake);
      await expectRefusal(world.challenge(bob, claims[0]!.id), 'ClaimDecided');
    }));

  it('test_resolve_void: a claim that fell without a game is forfeited', () =>
    world.isolated(async () => {
      const { alice, carol, calls, parameters } = world;
      const fell = await world.claim(alice, 'root', N);
      await aliceLosesOne();
      // That nobody records it until its window is over does not make it final.
      await world.advance(parameters.window);
      expect(await world.claimView(fell.id)).toMatchObject({ status: 'void', recorded: false });
      const before = await world.dispute.money();
      await world.send(carol, calls.resolve(fell.id));
      const after = await world.dispute.money();
      expect(after.burned - before.burned).toBe(parameters.stake);
      expect(await world.claimView(fell.id)).toMatchObject({ status: 'void', recorded: true });
      // The claimant may start again: what it claims after its strike stands.
      const again = await world.claim(alice, 'root', 5n);
      expect(again.status).toBe('open');
    }));

  it('test_claim_takeover: the same value keeps what was left of its window; another one gets a full window', () =>
    world.isolated(async () => {
      const { alice, carol, parameters } = world;
      const { window } = parameters;
      const long = await world.claim(alice, 'root', 11n);
      await world.claim(alice, 'diff', 11n);
      const idle = await world.claim(alice, 'root', 10n);
      await world.advance(100n);
      await aliceLosesOne();
      const fell = (await world.view()).time;
      const same = await world.claim(carol, 'root', 11n);
      expect(same.deadline - (await world.view()).time).toBe(long.deadline - fell);
      const other = await world.claim(carol, 'diff', 11n, WRONG);
      expect(other.deadline - (await world.view()).time).toBe(window);
      // While nobody claims, the window does not run out.
      await world.advance(window);
      const late = await world.claim(carol, 'root', 10n);
      expect(late.deadline - (await world.view()).time).toBe(idle.deadline - fell);
      // The refuted claim itself is not taken over, even with the value it had.
      const refuted = await world.claim(carol, 'diff', 2n);
      expect(refuted.deadline - (await world.view()).time).toBe(window);
    }));

  it('test_claim_takeover_atTheEnd: minWindow is left at least', () =>
    world.isolated(async () => {
      const { alice, carol, parameters } = world;
      await world.claim(alice, 'root', 10n);
      await world.advance(parameters.window - parameters.minWindow + 10n);
      await aliceLosesOne();
      const late = await world.claim(carol, 'root', 10n);
      expect(late.deadline - (await world.view()).time).toBe(parameters.minWindow);
    }));

  it('test_claim_afterRefutation: the value of a refuted claim gets a full window', () =>
    world.isolated(async () => {
      const { alice, bob, carol, parameters } = world;
      const claim = await world.claim(alice, 'root', N);
      const game = await world.challenge(bob, claim.id);
      await world.advance(parameters.clock);
      await world.send(bob, world.calls.settle(game.id));
      const again = await world.claim(carol, 'root', N);
      expect(again.deadline - (await world.view()).time).toBe(parameters.window);
      expect(again.deadline).toBeGreaterThan(claim.deadline);
    }));

  it('test_puppets: two that agree on a false root move only their own money', () =>
    world.isolated(async () => {
      const { alice, bob, carol, dave } = world;
      const honest = await world.claim(dave, 'root', N);
      const mine = await world.claim(alice, 'diff', N, WRONG);
      const own = [];
      for (const preRoot of [666n, 667n, 668n]) own.push(await world.challenge(bob, mine.id, preRoot));
      await world.state(mine.id, N - 1n, 667n);
      expect(await world.game(own[1]!.id)).toMatchObject({ phase: 'prove', agreed: 667n, mode: 'diff' });
      // f on the made-up state is a fact about f, and says nothing about the chain.
      await world.prove(carol, N, 667n, 'diff', [own[1]!.id]);
      expect(await world.game(own[1]!.id)).toMatchObject({ outcome: 'challengerWins' });
      for (const game of [own[0]!, own[2]!]) {
        expect(await world.game(game.id)).toMatchObject({ phase: 'decided', outcome: 'claimFell' });
      }
      expect(await world.dispute.finalValue('diff', N)).toBeUndefined();
      expect(await world.claimView(honest.id)).toEqual(honest);
      const fresh = await world.claim(dave, 'diff', N);
      expect(fresh.status).toBe('open');
      const { burned } = await world.dispute.money();
      expect(burned).toBeGreaterThanOrEqual(world.parameters.stake / 2n);
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
      const { alice, bob, carol, parameters, calls } = world;
      const claim = await world.claim(alice, 'root', 1n);
      const game = await world.challenge(bob, claim.id);
      await world.prove(carol, 1n, root(0n), 'root');
      expect(await world.claimView(claim.id)).toMatchObject({ status: 'final', recorded: true });
      expect(await world.credit(alice)).toBe(parameters.stake);
      expect(await world.game(game.id)).toMatchObject({ phase: 'decided', outcome: 'claimantWins' });
      await world.send(alice, calls.settle(game.id));
      expect(await world.credit(bob)).toBe(0n);
    }));

  it('test_prove_refutesTheClaim: the other value is final, the claimant struck, the payee rewarded', () =>
    world.isolated(async () => {
      const { alice, bob, carol, parameters, calls } = world;
      const { bond, reward, proverFee, stipend } = parameters;
      const other = await world.claim(alice, 'diff', 9n);
      const claim = await world.claim(alice, 'root', 2n, WRONG);
      const game = await world.challenge(bob, claim.id);
      await world.prove(carol, 2n, root(1n), 'root', [game.id]); // proven before its pre-root is final
      expect(await world.claimView(claim.id)).toMatchObject({ status: 'open' });
      await expectRefusal(world.send(bob, calls.finalizeProven('root', 2n)), 'NotProven');
      await world.prove(carol, 1n, root(0n), 'root');
      await world.send(bob, calls.finalizeProven('root', 2n));
      expect(await world.dispute.finalValue('root', 2n)).toBe(root(2n));
      expect(await world.claimView(claim.id)).toMatchObject({ status: 'refuted' });
      expect(await world.claimView(other.id)).toMatchObject({ status: 'void' });
      expect(await world.credit(carol)).toBe(reward + proverFee);
      await world.send(bob, calls.settle(game.id));
      expect(await world.credit(bob)).toBe(bond + stipend);
      await expectRefusal(world.send(bob, calls.finalizeProven('root', 2n)), 'AlreadyFinal');
    }));

  it('test_prove_neverOverwritesFinal: a value that became final by time stays', () =>
    world.isolated(async () => {
      const { alice, carol, calls, parameters } = world;
      const claim = await world.claim(alice, 'root', 1n, WRONG); // nobody was watching
      await world.advance(parameters.window);
      await world.prove(carol, 1n, root(0n), 'root');
      expect(await world.claimView(claim.id)).toMatchObject({ status: 'final', recorded: true });
      expect(await world.dispute.finalValue('root', 1n)).toBe(WRONG);
      await expectRefusal(world.send(carol, calls.finalizeProven('root', 1n)), 'AlreadyFinal');
      await expectRefusal(world.send(carol, calls.finalizeProven('root', 13n)), 'WrongBatch');
      await expectRefusal(world.send(carol, calls.finalizeProven('diff', 1n)), 'NotProven');
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

  it('test_baseOf: the greatest final root below, in whatever order roots became final', () =>
    world.isolated(async () => {
      const { alice, bob, parameters } = world;
      expect(await world.dispute.baseOf(0n)).toBe(0n);
      await world.claim(alice, 'root', 9n);
      await world.advance(50n);
      await world.claim(alice, 'root', 4n);
      await world.advance(parameters.window - 50n);
      await world.send(bob, world.calls.resolve(1n));
      expect(await world.dispute.baseOf(9n)).toBe(0n);
      expect(await world.dispute.baseOf(10n)).toBe(9n);
      await world.advance(50n);
      // A challenge records the final root just before its batch by itself.
      const claim = await world.claim(bob, 'diff', 5n, WRONG);
      const game = await world.challenge(alice, claim.id);
      expect(game).toMatchObject({ base: 4n, phase: 'prove', agreed: root(4n) });
      expect(await world.dispute.baseOf(5n)).toBe(4n);
      expect(await world.dispute.baseOf(4n)).toBe(0n);
      expect((await world.view()).lastFinalRoot).toBe(9n);
    }));
});
