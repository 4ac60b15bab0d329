import { describe, expect, it } from 'vitest';
import { challengesDue, mayWait, worstEnd, worstEndOfNew } from '../../src/dispute/strategy.js';
import type { ClaimView, DisputeView, GameView } from '../../src/dispute/types.js';

const [ALICE, BOB, CAROL] = ['a', 'b', 'c'].map((digit) => `0x${digit.repeat(40)}` as const) as [
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
];
/** C, E, P, W; half a day in the terms of W is 500. */
const P = { clock: 1_000n, extension: 10n, proofWindow: 100n, rootWindow: 7_000n };
const NOW = 10_000n;

function claim(id: bigint, changes: Partial<ClaimView> = {}): ClaimView {
  return {
    ...{ id, kind: 'root', number: 16n, value: 5n, claimant: ALICE, stakeId: 1n, status: 'open', recorded: false },
    ...{ deadline: NOW + 7_000n, quietUntil: 0n, openGames: 0n, rivals: 0n, challengeable: true, claimHash: '0x' },
    ...changes,
  } as ClaimView;
}

function game(id: bigint, claimId: bigint, changes: Partial<GameView> = {}): GameView {
  return {
    ...{ id, claimId, challenger: BOB, base: 0n, preRoot: 0n, lo: 0n, hi: 16n, phase: 'claimantStates' },
    ...{ outcome: 'none', index: 8n, root: 0n, mode: 'root', agreed: 0n, target: 0n, deadline: NOW + 1_000n },
    ...{ stateHash: '0x', spent: 0n },
    ...changes,
  } as GameView;
}

function due(claims: readonly ClaimView[], games: readonly GameView[] = [], baseOf = () => 0n): bigint[] {
  const block = { number: 1n, hash: '0x', timestamp: NOW } as const;
  const view: DisputeView = { block, time: NOW, paused: false, lastFinalRoot: 0n, stakes: [], claims, games };
  const disputed = new Set(games.filter(({ challenger }) => challenger === BOB).map(({ claimId }) => claimId));
  const open = claims.filter(({ id }) => !disputed.has(id));
  return challengesDue(view, BOB, open, P, baseOf).map(({ id }) => id);
}

describe('the worst end of a game', () => {
  const view = { time: NOW };

  it('has the clock, an extension for each statement, and the proof', () => {
    expect(worstEndOfNew({ kind: 'root', number: 16n }, 0n, view, P)).toBe(NOW + 1_000n + 4n * 10n + 100n);
    // The root before the batch, and the search up to it.
    expect(worstEndOfNew({ kind: 'diff', number: 17n }, 0n, view, P)).toBe(NOW + 1_000n + 5n * 10n + 100n);
  });

  it('is the proof alone where the root before the batch is final', () => {
    expect(worstEndOfNew({ kind: 'diff', number: 17n }, 16n, view, P)).toBe(NOW + 100n);
    expect(worstEndOfNew({ kind: 'root', number: 17n }, 16n, view, P)).toBe(NOW + 100n);
  });

  it('comes nearer with each move', () => {
    const ends = [
      game(1n, 1n),
      game(1n, 1n, { lo: 8n, index: 12n, deadline: NOW + 400n }),
      game(1n, 1n, { lo: 14n, index: 15n, deadline: NOW + 10n }),
      game(1n, 1n, { lo: 15n, hi: 16n, phase: 'prove', deadline: NOW + 1_100n }),
      game(1n, 1n, { phase: 'decided', outcome: 'challengerWins' }),
    ].map((one) => worstEnd(one, view, P) - NOW);
    expect(ends).toEqual([1_130n, 520n, 110n, 100n, 0n]);
  });

  it('of a game that is answered has the whole clock again, as nobody says what is left of it', () => {
    const answering = game(1n, 1n, { phase: 'challengerAnswers', lo: 8n });
    expect(worstEnd(answering, view, P)).toBe(NOW + 1_000n + 3n * 10n + 100n);
  });
});

describe('who strikes false stakes', () => {
  it('disputes the claim whose game is over first, of each stake', () => {
    const claims = [claim(1n), claim(2n, { number: 2n }), claim(3n, { stakeId: 2n }), claim(4n, { number: 4n })];
    expect(due(claims)).toEqual([2n, 3n]);
    expect(due([claim(1n, { kind: 'diff' }), claim(2n)], [], () => 15n)).toEqual([1n]);
  });

  it('takes, of equal ends, the claim that may be final first', () => {
    expect(due([claim(1n), claim(2n, { deadline: NOW + 6_000n })])).toEqual([2n]);
  });

  it('disputes as well what may be final before that, or half a day after it', () => {
    const end = NOW + 1_140n;
    const claims = [
      claim(1n, { number: 16n }),
      claim(2n, { deadline: end + 500n }),
      claim(3n, { deadline: end + 501n }),
    ];
    expect(due(claims)).toEqual([2n]);
    expect(due(claims, [game(1n, 1n, { deadline: NOW + 1_010n })])).toEqual([2n]);
    expect(due(claims, [game(1n, 1n, { deadline: NOW + 1_000n })])).toEqual([]);
    // The game on the second is over in time for the third.
    expect(due(claims, [game(1n, 1n, { deadline: NOW + 1_011n })])).toEqual([2n]);
    expect(due([claims[0]!, claims[2]!], [game(1n, 1n, { deadline: NOW + 1_011n })])).toEqual([3n]);
  });

  it('opens the first game of each stake before a further one of another', () => {
    const near = { number: 2n, deadline: NOW + 1n };
    expect(due([claim(1n, near), claim(2n, near), claim(3n, { stakeId: 2n })])).toEqual([1n, 3n, 2n]);
  });

  it('may wait as long as one game is in time for all false claims of the stake', () => {
    const one = claim(1n);
    const end = NOW + 1_140n;
    const wait = (deadline: bigint, stakeId = 1n) =>
      mayWait(one, [one, claim(2n, { deadline, stakeId })], { time: NOW }, P, 0n);
    expect([wait(end + 501n), wait(end + 500n), wait(end + 500n, 2n)]).toEqual([true, false, true]);
  });

  it('waits as long for the quiet as for the window, and not because of a rival', () => {
    const running = [game(1n, 1n)];
    const near = { deadline: NOW + 1n };
    expect(due([claim(1n), claim(2n, near)], running)).toEqual([2n]);
    expect(due([claim(1n), claim(2n, { ...near, rivals: 1n })], running)).toEqual([2n]);
    expect(due([claim(1n), claim(2n, { ...near, quietUntil: NOW + 7_000n })], running)).toEqual([]);
  });

  it('counts neither what others play nor games that are lost', () => {
    const claims = [claim(1n), claim(2n)];
    expect(due(claims, [game(1n, 1n, { challenger: CAROL })])).toEqual([1n]);
    expect(due(claims, [game(1n, 1n, { phase: 'decided', outcome: 'claimantWins' })])).toEqual([2n]);
    expect(due(claims, [game(1n, 1n, { phase: 'closed', outcome: 'claimantWins' })])).toEqual([2n]);
    expect(due(claims, [game(1n, 1n, { phase: 'decided', outcome: 'challengerWins' })])).toEqual([]);
  });
});
