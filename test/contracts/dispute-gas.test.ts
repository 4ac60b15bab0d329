import { parseEther } from 'viem';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEFAULT_PARAMETERS, maxMoves } from '../../src/dispute/parameters.js';
import type { L1Call, Wallet } from '../../src/l1/send-call.js';
import { createDisputeWorld, type DisputeWorld, f, fakeBundle } from '../helpers/dispute-world.js';

/** The gas that DEFAULT_PARAMETERS is argued with, and that its sums cover it at the stressed price. */
const STRESSED = 200_000_000_000n;
let world: DisputeWorld;
beforeAll(async () => {
  const { guardian: _, ...defaults } = DEFAULT_PARAMETERS;
  world = await createDisputeWorld(defaults);
  await world.post(65);
});
afterAll(() => world?.l1.stop());

it('a game of six rounds: every move stays below what the parameters assume', async () => {
  const { alice, bob, calls, parameters, roots, sequencer, posts } = world;
  const used: Record<string, bigint[]> = {};
  const send = async (name: string, wallet: Wallet, call: L1Call) => {
    const { gasUsed } = await world.send(wallet, call);
    used[name] = [...(used[name] ?? []), gasUsed];
  };
  await send('submitBatch', sequencer, posts.submitBatch(await world.nextBatch(['0x1234'])));
  await send('claim', alice, calls.claim('root', 65n, world.hash(65n), 5n, parameters.stake));
  const { claimHash } = await world.claimView(1n);
  await send('challenge', bob, calls.challenge(1n, claimHash, 0n, parameters.bond));
  for (let game = await world.game(1n); game.phase !== 'prove'; game = await world.game(1n)) {
    if (game.phase === 'claimantStates') {
      await send(
        'state',
        alice,
        calls.state(1n, claimHash, game.index, game.index < 40n ? roots[Number(game.index)]! : 9n),
      );
    } else {
      await send('answer', bob, calls.answer(1n, game.stateHash, game.index < 40n));
    }
  }
  const value = f(world.hash(40n), roots[39]!, 'root');
  const bundle = fakeBundle(world, 40n, roots[39]!, 'root', value, bob.account.address);
  await send('prove and settle, without the verifier', bob, calls.prove(bundle, [1n]));
  expect((await world.game(1n)).outcome).toBe('challengerWins');
  const worst = Object.fromEntries(
    Object.entries(used).map(([name, gas]) => [name, gas.toSorted((a, b) => Number(b - a))[0]!]),
  );
  console.info('gas', worst, 'rounds', used.answer?.length);
  expect(worst.state).toBeLessThanOrEqual(parameters.moveFee / STRESSED);
  const challenger = worst.challenge! + worst.answer! * maxMoves(parameters.maxAhead) + 300_000n;
  expect(challenger * STRESSED).toBeLessThanOrEqual(parameters.reward);
  expect(worst.submitBatch).toBeLessThan(150_000n);
  expect(parameters.proverFee).toBeGreaterThanOrEqual(6_000_000n * STRESSED + parseEther('0.1'));
});
