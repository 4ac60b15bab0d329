import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Challenger } from '../../prover/agents/challenger.js';
import { runAgent } from '../../prover/agents/run.js';
import { Sequencer } from '../../prover/agents/sequencer.js';
import { R } from '../../src/bus/field.js';
import type { ClaimView } from '../../src/dispute/types.js';
import type { Wallet } from '../../src/l1/send-call.js';
import { createDisputeWorld, type DisputeWorld } from '../helpers/dispute-world.js';
import { SMALL_PARTS, truthfulAgent } from '../helpers/truthful-agents.js';

/**
 * 64 games against one sequencer, all opened within seconds, on an L1 that has a block a second and no more time for a player than that: eight
 * accounts that believe in false states, each from another batch on, dispute eight of its claims.
 */
const BATCHES = 16;
const ROOT_EVERY = 4n;
/** Seconds of L1, which are this machine's here. The sequencer makes more than 100 moves: one a block would be too slow. */
const CLOCK = 40n;
let world: DisputeWorld;

beforeAll(async () => {
  world = await createDisputeWorld({ clock: CLOCK, extension: 5n, proofWindow: 60n, rootEvery: ROOT_EVERY });
});
afterAll(() => world?.l1.stop());

const disputed = ({ kind, number }: ClaimView) => (kind === 'root' ? number === 16n : number >= 10n);

/** Who believes that everything is different from batch `from` on, and plays by that. */
function puppet(wallet: Wallet, from: bigint): Challenger {
  const options = truthfulAgent(world, wallet, SMALL_PARTS, { pollingMs: 100 });
  const { truth } = options;
  const [rootAfter, value] = [truth.rootAfter.bind(truth), truth.value.bind(truth)];
  const bend = (number: bigint, real: bigint) => (number < from ? real : (real + from) % R);
  truth.rootAfter = async (number) => bend(number, await rootAfter(number));
  truth.value = async (kind, number) =>
    kind === 'root' ? truth.rootAfter(number) : bend(number, await value(kind, number));
  return new Challenger({ ...options, lies: true, overlook: (claim) => !disputed(claim) });
}

it('a sequencer loses none of 64 games that are opened at once, on blocks of a second', {
  timeout: 180_000,
}, async () => {
  await world.post(BATCHES);
  const options = truthfulAgent(world, world.sequencer, SMALL_PARTS, { pollingMs: 100 });
  const feeRecipient = world.sequencer.account.address;
  const sequencer = new Sequencer({ ...options, feeRecipient });
  while (await sequencer.tick());
  const { claims } = await world.view();
  expect(claims.filter(disputed)).toHaveLength(8);
  await world.request('evm_setAutomine', [false]);
  await world.request('evm_setIntervalMining', [1]);

  const puppets = world.players.slice(0, 8).map((wallet, i) => puppet(wallet, BigInt(i + 2)));
  const stop = new AbortController();
  const errors: unknown[] = [];
  const run = (agent: Challenger | Sequencer, onError: (error: unknown) => void) =>
    runAgent(agent, { signal: stop.signal, pauseMs: 300, onError });
  const before = await world.reader.getTransactionCount({ address: feeRecipient });
  const began = Date.now();
  const running = [
    run(sequencer, (error) => errors.push(error)),
    // A puppet's move may come too late.
    ...puppets.map((one) => run(one, () => undefined)),
  ];
  try {
    let games = (await world.view()).games;
    while (games.length < 64 || games.some(({ phase }) => phase !== 'closed')) {
      if (Date.now() - began > 150_000)
        throw new Error(`not over: ${games.map(({ id, phase }) => `${id} ${phase}`).join(', ')}`);
      await sleep(500);
      games = (await world.view()).games;
    }
    expect(games).toHaveLength(64);
    expect(games.filter(({ outcome }) => outcome !== 'claimantWins')).toEqual([]);
    // Answered, not waited for until the others' clocks were over.
    expect(games.filter(({ lo, hi }) => hi - lo === 1n).length).toBeGreaterThan(32);
  } finally {
    stop.abort();
    await Promise.all(running);
    for (const agent of [sequencer, ...puppets]) await agent.close();
  }
  const after = await world.view();
  expect(after.claims.filter(({ status }) => status === 'void' || status === 'refuted')).toEqual([]);
  expect(errors).toEqual([]);
  const moves = (await world.reader.getTransactionCount({ address: feeRecipient })) - before;
  console.log(
    `64 games on blocks of a second: ${Math.round((Date.now() - began) / 1_000)} s, ${moves} moves of the sequencer`,
  );
});
