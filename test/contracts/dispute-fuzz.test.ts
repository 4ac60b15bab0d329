import { parseEther, parseEventLogs, parseGwei } from 'viem';
import { afterAll, describe, expect, it } from 'vitest';
import { Dispute } from '../../contracts/generated/artifacts.js';
import type { ClaimStatus } from '../../src/dispute/types.js';
import { errorNamed } from '../../src/l1/send-call.js';
import { SeededRandom } from '../../src/samples/random.js';
import { checkHistory, checkInvariants } from '../helpers/dispute-model/invariants.js';
import {
  challengeable,
  copyOf,
  createModel,
  lastFinalRoot,
  liveClaims,
  liveOfStake,
  type Model,
  openGames,
  Refusal,
  rivals,
  slotKey,
  stakeOf,
  statusOf,
} from '../helpers/dispute-model/model.js';
import { type Move, make } from '../helpers/dispute-model/moves.js';
import { OnL1 } from '../helpers/dispute-model/on-l1.js';
import { outcomeOf, positionOf } from '../helpers/dispute-model/position.js';
import { randomMove } from '../helpers/dispute-model/random-moves.js';
import { createDisputeWorld, type DisputeWorld, f } from '../helpers/dispute-world.js';
import { createTroupe } from '../helpers/troupe.js';

/**
 * The contracts against the model, by random calls of five accounts, many to a block. FUZZ_SEED replays a run, FUZZ_CALLS changes its
 * length. A world has {@link CALLS_PER_WORLD}, so that there are always slots and stakes to fight for.
 */
const SEED = process.env.FUZZ_SEED ?? String(Date.now());
const CALLS = Number(process.env.FUZZ_CALLS ?? 10_000);
const [ACTORS, BATCHES, CALLS_PER_WORLD, CALLS_PER_BLOCK] = [5, 9, 1_000, 25];
const EVERYBODY = Array.from({ length: ACTORS }, (_, i) => i);
const MONEY = parseEther('5000');
/** The block's base fee, at which the contracts pay. */
const BASE_FEE = parseGwei('1');

let world: DisputeWorld | undefined;
afterAll(() => world?.l1.stop());

/** What a move ends with in the model: `ok`, or the name of the refusal. */
function outcome(m: Model, move: Move, cost?: bigint): string {
  try {
    make(m, move, cost);
    return 'ok';
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.message;
  }
}

/** Everything that L1 shows, as the model has it. */
function expectSame(m: Model, view: Awaited<ReturnType<DisputeWorld['view']>>): void {
  expect([view.time, view.lastFinalRoot]).toEqual([m.time, lastFinalRoot(m)]);
  expect(view.claims.length).toBe(m.claims.length - 1);
  for (const { id, ...shown } of view.claims) {
    const c = m.claims[Number(id)]!;
    const status = statusOf(m, c);
    expect(shown, `claim ${id}`).toMatchObject({
      ...{ kind: c.kind, number: c.number, value: c.value, stakeId: BigInt(c.stake), deadline: c.deadline },
      ...{ status, recorded: c.recorded !== undefined, openGames: BigInt(openGames(m, c).length) },
      quietUntil: m.slots.get(slotKey(c.kind, c.number))!.quietUntil,
      rivals: c.recorded === undefined ? BigInt(rivals(m, c).length) : 0n,
      challengeable: status === 'open' && challengeable(m, c),
    });
  }
  expect(view.games.length).toBe(m.games.length - 1);
  for (const { id, ...shown } of view.games) {
    const g = m.games[Number(id)]!;
    const p = positionOf(m, g);
    const end = g.outcome !== 'none' ? g.outcome : outcomeOf(m, g, statusOf(m, m.claims[g.claim]!), p);
    const phase = g.outcome !== 'none' ? 'closed' : end === 'none' ? p.phase : 'decided';
    expect(shown, `game ${id}`).toMatchObject({
      ...{ phase, outcome: end, index: p.index, root: p.root, mode: p.mode, agreed: p.agreed, target: p.target },
      ...{ lo: g.lo, hi: g.hi, base: g.base, preRoot: g.preRoot, deadline: p.deadline },
      spent: g.spent * 10n ** 9n,
    });
  }
  expect(view.stakes.length).toBe(m.stakes.length - 1);
  for (const { id, ...shown } of view.stakes) {
    const s = m.stakes[Number(id)]!;
    expect(shown, `stake ${id}`).toMatchObject({
      ...{ live: BigInt(liveOfStake(m, Number(id)).length), released: s.released, struck: s.struckAt !== undefined },
      ...{ struckAt: s.struckAt ?? 0n, proofPurse: s.proofPurse, movePurse: s.movePurse },
      ...{ rewardLeft: s.rewardLeft, proofPayLeft: s.payLeft },
    });
  }
}

/** A world's share of the calls; tells what they ended with. */
async function play(w: DisputeWorld, random: SeededRandom, calls: number, tally: Map<string, number>): Promise<void> {
  const troupe = await createTroupe(w, w.dave, ACTORS, parseEther('100000'));
  const l1 = new OnL1(w, troupe);
  await w.request('anvil_setMinGasPrice', ['0x0']).catch(() => undefined);
  const { done: funded } = await troupe.play(EVERYBODY.map((actor) => ({ actor, ...w.calls.deposit(MONEY) })));
  expect(funded.every(({ ok }) => ok)).toBe(true);
  const truth = { roots: w.roots, diffs: w.diffs };
  const value: Model['f'] = (n, preRoot, mode) => f(w.hash(n), preRoot, mode);
  const { time } = await w.view();
  const m = createModel(w.parameters, value, { genesis: w.roots[0]!, time, accounts: ACTORS, credit: MONEY });
  m.latest = BigInt(BATCHES);
  m.price = BASE_FEE + parseGwei('1');
  let statuses: ClaimStatus[] = [];
  for (let made = 0; made < calls; made += CALLS_PER_BLOCK) {
    if (random.below(25) === 0) {
      await w.send(w.guardian, w.calls.pause());
      await w.advance(BigInt(random.below(2_000)));
      await w.send(w.guardian, w.calls.unpause());
      await w.advance(w.parameters.extension + 1n);
    }
    const now = await w.view();
    const guess = copyOf(m);
    guess.time = now.time + 1n + BigInt(random.pick([0, 5, 30, 60, 300, random.below(700)]));
    const moves: Move[] = [];
    const acts = [];
    for (let i = 0; i < CALLS_PER_BLOCK; i++) {
      const move = randomMove(guess, random, truth, EVERYBODY);
      moves.push(move);
      acts.push({ actor: move.by, ...l1.call(guess, move) });
      outcome(guess, move, 1n);
    }
    await w.request('anvil_setNextBlockBaseFeePerGas', [`0x${BASE_FEE.toString(16)}`]);
    await w.request('evm_setNextBlockTimestamp', [Number(now.block.timestamp + guess.time - now.time)]);
    const { done, receipt } = await troupe.play(acts);
    const proven = parseEventLogs({ abi: Dispute.abi, logs: receipt.logs, eventName: 'Proven' });
    m.time = guess.time;
    for (const [i, move] of moves.entries()) {
      const { ok, result } = done[i]!;
      const cost = move.type === 'prove' && ok ? costOf(m, move, proven) : undefined;
      const expected = outcome(m, move, cost);
      const seen = ok ? 'ok' : (errorNamed(result)?.name ?? result);
      tally.set(`${move.type} ${seen}`, (tally.get(`${move.type} ${seen}`) ?? 0) + 1);
      expect(
        `${move.type} ${seen}`,
        `seed ${SEED}, call ${made + i}: ${JSON.stringify(move, (_, v) => String(v))}`,
      ).toBe(`${move.type} ${expected}`);
      checkInvariants(m);
      statuses = checkHistory(m, statuses);
    }
    expectSame(m, await w.view());
    const { held, credit, locked, burned } = await w.dispute.money();
    expect([held, locked, burned]).toEqual([credit + locked + burned, m.locked, m.burned]);
    const credits = await Promise.all(troupe.actors.map((actor) => w.dispute.credit(actor)));
    expect(credits).toEqual(m.credit);
  }
  for (const [key, slot] of m.slots) {
    const [kind, number] = key.split(' ') as ['diff' | 'root', string];
    const live = BigInt(liveClaims(m, kind, BigInt(number)).length);
    expect(await w.dispute.slot(kind, BigInt(number))).toEqual({ ...slot, live });
    expect(await w.dispute.finalValue(kind, BigInt(number))).toBe(m.finals.get(key));
  }
  for (const actor of EVERYBODY) {
    const id = stakeOf(m, actor);
    expect(await w.dispute.stakeOf(troupe.actors[actor]!)).toBe(id === 0 ? undefined : BigInt(id));
  }
}

/** What L1 measured of a proof that the model does not have yet: the events come in the order of the moves. */
function costOf(m: Model, move: Extract<Move, { type: 'prove' }>, events: { args: { cost: bigint } }[]): bigint {
  return m.proofs.has(`${move.number} ${move.preRoot} ${move.mode}`) ? 0n : events.shift()!.args.cost;
}

describe('the contracts and the model (H1 to H6, H10, H11)', () => {
  it(`seed ${SEED}: ${CALLS} random calls end the same, and L1 shows the same after each block`, {
    timeout: 600_000,
  }, async () => {
    world = await createDisputeWorld({ rootEvery: 3n });
    const w = world;
    await w.post(BATCHES);
    const random = new SeededRandom(SEED);
    const tally = new Map<string, number>();
    for (let made = 0; made < CALLS; made += CALLS_PER_WORLD) {
      await w.isolated(() => play(w, random, Math.min(CALLS_PER_WORLD, CALLS - made), tally));
    }
    const counted = [...tally].toSorted(([a], [b]) => (a < b ? -1 : 1));
    console.info(`seed ${SEED}: ${counted.map(([name, count]) => `${name} ${count}`).join(', ')}`);
    // Reimbursements are rare here, as settlements pay first; test/contracts/reimbursement.test.ts has them.
    if (CALLS >= 10_000) {
      for (const move of [
        'claim',
        'resolve',
        'state',
        'challenge',
        'answer',
        'settle',
        'prove',
        'finalizeProven',
        'closePurses',
        'unstake',
      ])
        expect(tally.get(`${move} ok`), move).toBeGreaterThan(0);
    }
  });
});
