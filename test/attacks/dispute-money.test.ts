import { foundry } from 'viem/chains';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDisputeWorld, type DisputeWorld, f, fakeBundle } from '../helpers/dispute-world.js';

let world: DisputeWorld;
const [WRONG, N] = [555n, 12n];
beforeAll(async () => {
  world = await createDisputeWorld();
  await world.post(Number(N));
});
afterAll(() => world?.l1.stop());

const root = (n: bigint) => world.roots[Number(n)]!;

/** `dave` loses a claim to a proof at once. */
async function daveLosesOne(): Promise<void> {
  await world.claim(world.dave, 'diff', 1n, WRONG);
  await world.prove(world.carol, 1n, root(0n), 'diff');
}

/** What an attacker can take from an honest player with its own money and the mempool, and what it cannot. */
describe('money and windows under attack', () => {
  it('a bundle copied from the mempool: its prover is paid; only the challenger’s reward goes to the copier’s own game', () =>
    world.isolated(async () => {
      const { alice, bob, carol: copier, calls, parameters } = world;
      const { bond, proverFee, reward, stake, stipend } = parameters;
      const claim = await world.claim(alice, 'diff', 1n, WRONG);
      const honest = await world.challenge(bob, claim.id);
      const copied = await world.challenge(copier, claim.id);
      const value = f(world.hash(1n), root(0n), 'diff');
      const bundle = fakeBundle(world, 1n, root(0n), 'diff', value, bob.account.address);
      await world.send(copier, calls.prove(bundle, [copied.id]));
      await world.send(bob, calls.settle(honest.id));
      expect(await world.credit(bob)).toBe(bond + proverFee + stipend);
      expect(await world.credit(copier)).toBe(bond + reward);
      expect((await world.dispute.money()).burned).toBe(stake - proverFee - reward - stipend);
    }));

  it('a false value dropped at once and taken up again late: what was left of its window is still left', () =>
    world.isolated(async () => {
      const { alice, bob, dave, parameters } = world;
      const first = await world.claim(dave, 'root', N, WRONG);
      await daveLosesOne();
      const fell = (await world.view()).time;
      await world.advance(parameters.window);
      const again = await world.claim(alice, 'root', N, WRONG);
      const { time } = await world.view();
      expect(again.deadline - time).toBe(first.deadline - fell);
      await world.advance(first.deadline - fell - 5n);
      const game = await world.challenge(bob, again.id);
      await world.advance(parameters.clock);
      await world.send(bob, world.calls.settle(game.id));
      expect((await world.claimView(again.id)).status).toBe('refuted');
    }));

  it('what was burned is sent away right before a settlement, which then costs more gas than its sender had seen', () =>
    world.isolated(async () => {
      const { alice, bob, carol, calls, parameters, reader } = world;
      await daveLosesOne();
      const claim = await world.claim(alice, 'root', N, WRONG);
      const game = await world.challenge(bob, claim.id);
      await world.advance(parameters.clock);
      const mining = (on: boolean) => reader.request({ method: 'evm_setAutomine' as never, params: [on] as never });
      const settlement = calls.settle(game.id);
      const exact = await reader.estimateGas({ ...settlement, account: bob.account });
      await mining(false);
      const settled = world.send(bob, settlement).finally(() => mining(true));
      const fees = { maxFeePerGas: 10n ** 12n, maxPriorityFeePerGas: 10n ** 11n, gas: 200_000n };
      await carol.sendTransaction({ ...calls.sendBurned(), ...fees, chain: foundry });
      const waiting = () => reader.getBlock({ blockTag: 'pending' }).then(({ transactions }) => transactions.length);
      while ((await waiting()) < 2) await reader.getBlockNumber();
      await reader.request({ method: 'evm_mine' as never, params: [] as never });
      expect((await settled).gasUsed).toBeGreaterThan(exact);
    }));

  it('a false claim whose only game its puppet has let run out: the truth proven before that is settled is final', () =>
    world.isolated(async () => {
      const { alice, bob, dave, calls, parameters } = world;
      const { bond, stipend, window, proofWindow } = parameters;
      const claim = await world.claim(alice, 'diff', 1n, WRONG);
      await world.advance(window - 10n);
      const game = await world.challenge(dave, claim.id);
      await world.advance(proofWindow);
      expect(await world.game(game.id)).toMatchObject({ phase: 'decided', outcome: 'claimantWins' });
      await world.prove(bob, 1n, root(0n), 'diff');
      expect(await world.dispute.finalValue('diff', 1n)).toBe(world.diffs[1]);
      await world.send(dave, calls.settle(game.id));
      expect((await world.claimView(claim.id)).status).toBe('refuted');
      expect(await world.credit(dave)).toBe(bond + stipend);
      const { held, credit, locked, burned } = await world.dispute.money();
      expect([held, locked]).toEqual([credit + burned, 0n]);
    }));
});
