import { isAddressEqual } from 'viem';
import { describe, expect, test } from 'vitest';
import { accountOf } from '../../prover/demo/world.js';
import { play } from './story.js';

const TIMEOUT = 1_800_000;
const sequencer = accountOf('sequencer').address;

describe('the main job, with real proofs', () => {
  test('case a: a forged diff is disputed, proven and settled for the challenger', { timeout: TIMEOUT }, () =>
    play({ case: 'a', liar: 'sequencer', seed: 'e2e a' }, async ({ scenario, end, claims, world }) => {
      expect(end.winner).toBe('challenger');
      expect(end.game.outcome).toBe('challengerWins');
      expect(end.proof.bundle).toMatchObject({ mode: 'diff', header: { number: scenario.forged } });
      expect(end.rounds).toBe(0);
      // What was proven is what f says on an honest node, and not what was claimed.
      expect(end.proof.bundle.value).toBe(await end.prover.value('diff', scenario.forged));
      const claim = claims.find(({ kind, number }) => kind === 'diff' && number === scenario.forged)!;
      expect(claim).toMatchObject({ status: 'refuted' });
      expect(claim.value).not.toBe(end.proof.bundle.value);
      // One lost game voids all the claimant's other claims.
      const others = claims.filter(({ id, claimant }) => id !== claim.id && isAddressEqual(claimant, sequencer));
      expect(others.length).toBeGreaterThanOrEqual(Number(scenario.batches) - 1);
      for (const { status } of others) expect(status).toBe('void');
      // Somebody else claims the same, true value beside a void claim.
      const l1 = world.account('other');
      const [taken] = others;
      const { stake } = await l1.dispute.parameters();
      const hash = await l1.rollup.batchHash(taken!.number);
      await l1.send('stake', l1.calls.stake(stake));
      await l1.send('claim', l1.calls.claim('diff', taken!.number, hash, taken!.value));
      const after = (await l1.dispute.view()).claims.at(-1)!;
      expect(after).toMatchObject({ status: 'open', number: taken!.number, value: taken!.value });
      // Its window is a whole one.
      expect(after.deadline).toBeGreaterThan(taken!.deadline);
      expect(after.stakeId).not.toBe(taken!.stakeId);
    }),
  );

  test(
    'case b: bisection finds the forged batch, settled on the root; nobody else is touched',
    { timeout: TIMEOUT },
    () =>
      play({ case: 'b', liar: 'sequencer', seed: 'e2e b' }, async ({ scenario, end, claims }) => {
        const { base, index } = end.game;
        expect(end.winner).toBe('challenger');
        expect(end.rounds).toBeGreaterThanOrEqual(3);
        expect(end.proof.bundle).toMatchObject({ mode: 'root', header: { number: scenario.forged } });
        expect(index).toBeDefined();
        expect(scenario.forged).toBeGreaterThan(base);
        expect(scenario.forged).toBeLessThan(end.disputed - 1n);
        expect(end.proof.bundle.value).toBe(await end.prover.rootAfter(scenario.forged));
        const foreign = claims.filter(({ claimant }) => !isAddressEqual(claimant, sequencer));
        expect(foreign).toHaveLength(1);
        expect(foreign[0]).toMatchObject({
          kind: 'diff',
          number: 1n,
          status: 'open',
          value: await end.prover.value('diff', 1n),
        });
      }),
  );

  test('a lying challenger with a true pre-root loses by proof', { timeout: TIMEOUT }, () =>
    play({ case: 'a', liar: 'challenger', seed: 'e2e liar a' }, async ({ end, claims }) => {
      expect(end.winner).toBe('sequencer');
      expect(end.game.outcome).toBe('claimantWins');
      expect(end.proof.bundle).toMatchObject({ mode: 'diff', header: { number: end.disputed } });
      for (const { status } of claims) expect(status).toBe('open');
    }),
  );

  test('a lying challenger with a false pre-root loses by proof', { timeout: TIMEOUT }, () =>
    play({ case: 'b', liar: 'challenger', seed: 'e2e liar b' }, async ({ scenario, end }) => {
      expect(end.winner).toBe('sequencer');
      expect(end.rounds).toBeGreaterThanOrEqual(3);
      expect(end.proof.bundle).toMatchObject({ mode: 'root', header: { number: scenario.forged } });
      expect(end.proof.bundle.value).toBe(await end.prover.rootAfter(scenario.forged));
    }),
  );
});
