import { parseGwei } from 'viem';
import { foundry } from 'viem/chains';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MOVE_GAS } from '../../src/dispute/move-gas.js';
import { createDisputeWorld, type DisputeWorld, f, fakeBundle } from '../helpers/dispute-world.js';

let world: DisputeWorld;
const [WRONG, N] = [555n, 12n];
beforeAll(async () => {
  world = await createDisputeWorld();
  await world.post(Number(N));
});
afterAll(() => world?.l1.stop());

const root = (n: bigint) => world.roots[Number(n)]!;
const proven = async (n: bigint, kind: 'diff' | 'root') =>
  (await world.dispute.proven(world.hash(n), root(n - 1n), kind))!;

/** `dave` loses a claim to a proof at once. */
async function daveLosesOne(): Promise<void> {
  const { id } = await world.claim(world.dave, 'diff', 1n, WRONG);
  await world.prove(world.carol, 1n, root(0n), 'diff');
  await world.resolve(id);
}

/** What an attacker can take from an honest player with its own money and the mempool, and what it cannot. */
describe('money and windows under attack', () => {
  it('a bundle copied from the mempool: its prover is paid; only the challenger’s reward goes to the copier’s own game', () =>
    world.isolated(async () => {
      const { alice, bob, carol: copier, calls, parameters } = world;
      const { bond, proofPay, reward } = parameters;
      const claim = await world.claim(alice, 'diff', 1n, WRONG);
      const honest = await world.challenge(bob, claim.id);
      const copied = await world.challenge(copier, claim.id);
      const value = f(world.hash(1n), root(0n), 'diff');
      const bundle = fakeBundle(world, 1n, root(0n), 'diff', value, bob.account.address);
      await world.send(copier, calls.prove(bundle, [copied.id]));
      const price = (await world.reader.getBlock()).baseFeePerGas! + parseGwei('1');
      await world.send(copier, calls.settle(honest.id));
      const [ofHonest, ofCopier] = (await world.view()).games.map(({ spent }) => spent);
      const { cost } = await proven(1n, 'diff');
      expect(await world.credit(bob)).toBe(bond + ofHonest! + cost + proofPay);
      expect(await world.credit(copier)).toBe(bond + reward + ofCopier! + MOVE_GAS.settle * price);
    }));

  it('a stake that falls again and again: its value in a slot falls with it, and comes back with a whole window', () =>
    world.isolated(async () => {
      const { bob, dave, parameters } = world;
      const first = await world.claim(dave, 'root', N, WRONG);
      await world.goTo(first.deadline - 50n);
      await daveLosesOne();
      await world.resolve(first.id);
      const again = await world.claim(dave, 'root', N, WRONG);
      expect(again.deadline).toBe((await world.view()).time + parameters.rootWindow);
      await world.goTo(again.deadline - 5n);
      const game = await world.challenge(bob, again.id);
      await world.goTo(game.deadline);
      await world.send(bob, world.calls.settle(game.id));
      expect((await world.claimView(again.id)).status).toBe('refuted');
    }));

  it('what was burned is sent away right before a settlement, which then costs more gas than its sender had seen', () =>
    world.isolated(async () => {
      const { alice, bob, carol, calls, reader } = world;
      await daveLosesOne();
      const claim = await world.claim(alice, 'root', N, WRONG);
      const game = await world.challenge(bob, claim.id);
      await world.goTo(game.deadline);
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
      const { bond, reward } = parameters;
      const claim = await world.claim(alice, 'diff', 1n, WRONG);
      await world.goTo(claim.deadline - 10n);
      const game = await world.challenge(dave, claim.id);
      await world.goTo(game.deadline);
      expect(await world.game(game.id)).toMatchObject({ phase: 'decided', outcome: 'claimantWins' });
      await world.prove(bob, 1n, root(0n), 'diff');
      expect(await world.dispute.finalValue('diff', 1n)).toBe(world.diffs[1]);
      const { spent } = await world.game(game.id);
      await world.send(bob, calls.settle(game.id));
      expect((await world.claimView(claim.id)).status).toBe('refuted');
      // The puppet has R: its game on the false claim was the only one.
      expect(await world.credit(dave)).toBe(bond + reward + spent);
      // Its proof came after that game's time, so no purse owes for it.
      expect(await world.credit(bob)).toBe(0n);
      const { held, credit, locked, burned } = await world.dispute.money();
      expect(held).toBe(credit + locked + burned);
    }));

  it('puppets on the same claim: each gets what its own moves are paid, and the honest one no less', () =>
    world.isolated(async () => {
      const { alice, bob, calls, players, parameters } = world;
      const claim = await world.claim(alice, 'root', N, WRONG);
      const puppets = players.filter((player) => player !== alice && player !== bob);
      const first = await world.challenge(puppets[0]!, claim.id);
      const honest = await world.challenge(bob, claim.id);
      for (const puppet of puppets.slice(1)) await world.challenge(puppet, claim.id);
      await world.goTo((await world.view()).games.at(-1)!.deadline);
      await world.send(puppets[0]!, calls.settle(first.id));
      for (const { id } of (await world.view()).games) if (id > honest.id) await world.send(alice, calls.settle(id));
      await world.send(alice, calls.settle(honest.id));
      const { spent } = await world.game(honest.id);
      expect(await world.credit(bob)).toBe(parameters.bond + spent);
    }));
});
