import { describe, expect, it } from 'vitest';
import { DEFAULT_PARAMETERS, longestGame, maxMoves, type Parameters } from '../../src/dispute/parameters.js';
import type { ClaimStatus } from '../../src/dispute/types.js';
import { SeededRandom } from '../../src/samples/random.js';
import { Honest } from '../helpers/dispute-model/honest.js';
import { checkHistory, checkInvariants } from '../helpers/dispute-model/invariants.js';
import { createModel, type Model, Refusal, slotKey, statusOf } from '../helpers/dispute-model/model.js';
import { type Move, make } from '../helpers/dispute-model/moves.js';
import { randomMove, type Truth, trueValue } from '../helpers/dispute-model/random-moves.js';

/** Random schedules of the model alone: what honest players are promised, whatever others do. FUZZ_SEED replays, FUZZ_SCHEDULES changes. */
const SEED = process.env.FUZZ_SEED ?? String(Date.now());
const SCHEDULES = Number(process.env.FUZZ_SCHEDULES ?? 2_000);
const P: Parameters = {
  ...DEFAULT_PARAMETERS,
  ...{ rootWindow: 1_000n, diffWindow: 2_000n, clock: 200n, extension: 40n, proofWindow: 150n, quiet: 100n },
  ...{ rootEvery: 2n, maxAhead: 8n },
};
const [CLAIMANT, CHALLENGER, PUPPETS] = [0, 1, [2, 3, 4, 5]];
const BATCHES = 6;
/** Seconds between two looks of the honest players, at most: less than any turn. */
const LOOK = 39;
/** The longest game of two honest players that look so often: each move waits for a look, and so does its settlement. */
const GAME = longestGame(P) + (maxMoves(P.maxAhead) + 1n) * BigInt(LOOK);
/** Seconds behind the deadline of an honest root at which it is final and recorded: a false rival is challenged at the last moment, and falls; so is the root. */
const LATEST = BigInt(LOOK) + GAME + P.quiet + GAME + BigInt(LOOK);

const f: Model['f'] = (n, preRoot, mode) =>
  ((preRoot + n) * 1_000_003n + (mode === 'root' ? 1n : 2n)) % (2n ** 61n - 1n);

function truth(): Truth {
  const [roots, diffs] = [[1n], [0n]];
  for (let n = 1; n <= BATCHES; n++) {
    diffs.push(f(BigInt(n), roots[n - 1]!, 'diff'));
    roots.push(f(BigInt(n), roots[n - 1]!, 'root'));
  }
  return { roots, diffs };
}
const TRUTH = truth();

function start(): Model {
  const m = createModel(P, f, { genesis: 1n, time: 10_000n, accounts: 6, credit: 10n ** 22n });
  m.latest = BigInt(BATCHES);
  return m;
}

/** Makes a move if the rules allow it. */
function attempt(m: Model, move: Move): boolean {
  try {
    make(m, move, 1_000n);
    return true;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return false;
  }
}

/**
 * Plays puppets and the honest ones for `steps`, then the honest ones until everything has ended.
 * @param finalAt gets the time at which each slot's value was first seen final
 */
function schedule(
  random: SeededRandom,
  honest: readonly Honest[],
  steps: number,
  finalAt = new Map<string, bigint>(),
): Model {
  const m = start();
  let statuses: ClaimStatus[] = [];
  const step = (puppets: boolean) => {
    const many = puppets ? random.below(6) : 0;
    for (let i = 0; i < many; i++) attempt(m, randomMove(m, random, TRUTH, PUPPETS));
    m.time += BigInt(1 + random.below(LOOK));
    for (const player of honest) player.play(m);
    checkInvariants(m);
    statuses = checkHistory(m, statuses);
    for (const key of m.finals.keys()) if (!finalAt.has(key)) finalAt.set(key, m.time);
  };
  for (let i = 0; i < steps; i++) step(true);
  // Reaction, games, quiet and games again: the promise of worst finality.
  const end = m.time + 2n * P.diffWindow + 2n * longestGame(P) + P.quiet;
  while (m.time < end) step(false);
  return m;
}

const falseFinals = (m: Model): string[] =>
  [...m.finals].flatMap(([key, value]) => {
    const [kind, number] = key.split(' ') as ['diff' | 'root', string];
    return value === trueValue(TRUTH, kind, BigInt(number)) ? [] : [key];
  });

describe(`random schedules, seed ${SEED}`, () => {
  it(`H7: ${SCHEDULES} of them: with an honest claimant and a challenger that moves in time nothing false is final, no honest stake falls, every honest root is final in time`, {
    timeout: 300_000,
  }, () => {
    let [struck, games, rivalry, latest] = [0, 0, 0, -P.diffWindow];
    for (let i = 0; i < SCHEDULES; i++) {
      const random = new SeededRandom(`${SEED} H7 ${i}`);
      const honest = [new Honest(CLAIMANT, TRUTH, true), new Honest(CHALLENGER, TRUTH, false)];
      const finalAt = new Map<string, bigint>();
      const m = schedule(random, honest, 30 + random.below(90), finalAt);
      const name = `FUZZ_SEED=${SEED}, schedule ${i}`;
      expect(falseFinals(m), name).toEqual([]);
      for (const s of m.stakes.slice(1)) if (s.owner === CLAIMANT) expect(s.struckAt, name).toBeUndefined();
      for (const g of m.games.slice(1))
        if (g.challenger === CHALLENGER) expect(g.outcome, name).not.toBe('claimantWins');
      for (const c of m.claims.slice(1))
        if (m.stakes[c.stake]!.owner === CLAIMANT) expect(statusOf(m, c), name).toBe('final');
      for (let n = 2; n <= BATCHES; n += 2) expect(m.finals.get(slotKey('root', BigInt(n))), name).toBe(TRUTH.roots[n]);
      for (const c of m.claims.slice(1)) {
        if (m.stakes[c.stake]!.owner !== CLAIMANT || c.kind !== 'root') continue;
        const behind = finalAt.get(slotKey('root', c.number))! - c.deadline;
        expect(behind, name).toBeLessThanOrEqual(LATEST);
        if (behind > latest) latest = behind;
      }
      struck += m.stakes.slice(1).filter((s) => s.struckAt !== undefined).length;
      games += m.games.length - 1;
      rivalry += [...m.slots.values()].filter(({ quietUntil }) => quietUntil > 0n).length;
    }
    console.info(
      `H7, seed ${SEED}: ${struck} stakes struck, ${games} games, ${rivalry} slots with a fallen rival; roots final ${latest} of at most ${LATEST} s behind their deadlines`,
    );
    for (const count of [struck, games, rivalry]) expect(count).toBeGreaterThan(SCHEDULES / 10);
  });

  it(`H8: ${SCHEDULES / 2} of them: without any challenger, nothing false is final where an honest claim stands`, {
    timeout: 300_000,
  }, () => {
    let blocked = 0;
    for (let i = 0; i < SCHEDULES / 2; i++) {
      const random = new SeededRandom(`${SEED} H8 ${i}`);
      const m = schedule(random, [new Honest(CLAIMANT, TRUTH, true)], 30 + random.below(90));
      const name = `FUZZ_SEED=${SEED}, schedule ${i}`;
      const own = m.claims.slice(1).filter((c) => m.stakes[c.stake]!.owner === CLAIMANT);
      const wrong = new Set(falseFinals(m));
      for (const c of own) {
        expect(['open', 'final'], name).toContain(statusOf(m, c));
        expect(wrong.has(slotKey(c.kind, c.number)), name).toBe(false);
        if (statusOf(m, c) === 'open') blocked += 1;
      }
    }
    console.info(`H8, seed ${SEED}: ${blocked} honest claims blocked by rivals that nobody challenged`);
    expect(blocked).toBeGreaterThan(0);
  });
});

describe(`recording, seed ${SEED}`, () => {
  /** The same claims and strikes; ends are recorded at once, or now and then. */
  function run(seed: string, eager: boolean): Model {
    const [random, recording] = [new SeededRandom(seed), new SeededRandom(`${seed} records`)];
    const m = start();
    for (const by of PUPPETS) make(m, { type: 'stake', by });
    for (let i = 0; i < 20; i++) {
      m.time += BigInt(random.below(10));
      const number = 2n * BigInt(1 + random.below(3));
      const value = random.pick([TRUTH.roots[Number(number)]!, 501n, 502n]);
      attempt(m, { type: 'claim', by: random.pick(PUPPETS), kind: 'root', number, value });
    }
    const record = (claims: readonly number[]) => void attempt(m, { type: 'resolve', by: 0, claims });
    const all = () => m.claims.slice(1).map(({ id }) => id);
    const challenges = all().filter(() => random.below(3) === 0);
    const strikes: number[] = [];
    for (const claim of challenges) {
      if (attempt(m, { type: 'challenge', by: CHALLENGER, claim, preRoot: 1n })) strikes.push(m.games.length - 1);
    }
    const times = strikes.map((game) => ({ game, at: m.time + 400n + BigInt(random.below(1_500)) }));
    for (let i = 0; i < 60; i++) {
      m.time += BigInt(20 + random.below(40));
      for (const { game, at } of times) if (m.time >= at) attempt(m, { type: 'settle', by: CHALLENGER, game });
      if (eager) record(all());
      else if (recording.below(8) === 0) record(recording.shuffle(all()).slice(0, 1 + recording.below(3)));
      checkInvariants(m);
    }
    for (let i = 0; i < 3; i++) {
      m.time += 5_000n;
      record(all());
    }
    return m;
  }

  it(`H4: ${SCHEDULES} schedules: where the same stakes fall, late records make others wait, and no more or other values final`, {
    timeout: 300_000,
  }, () => {
    const struck = (m: Model) => m.stakes.slice(1).map((s) => s.struckAt);
    let [alike, fewer] = [0, 0];
    for (let i = 0; i < SCHEDULES; i++) {
      const seed = `${SEED} H4 ${i}`;
      const [early, late] = [run(seed, true), run(seed, false)];
      // A claimant that has let its clock run out is saved when an equal claim is recorded final before its game is settled.
      if (String(struck(early)) !== String(struck(late))) continue;
      alike += 1;
      for (const [key, value] of late.finals) expect(early.finals.get(key), `${seed}, ${key}`).toBe(value);
      if (late.finals.size < early.finals.size) fewer += 1;
    }
    console.info(`H4, seed ${SEED}: the same stakes fell in ${alike} of ${SCHEDULES}; fewer finals in ${fewer}`);
    expect(alike).toBeGreaterThan(SCHEDULES / 2);
  });
});
