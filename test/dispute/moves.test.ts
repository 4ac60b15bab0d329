import { type Address, type Hex, padHex, toHex } from 'viem';
import { describe, expect, it } from 'vitest';
import { challengeableClaims, fallenClaims, newestClaim, unrecordedClaims } from '../../src/dispute/claims.js';
import { agrees, dueMoves, mustMove, provesFor, roleIn } from '../../src/dispute/moves.js';
import { l1Timestamp, secondsLeft } from '../../src/dispute/time.js';
import type { ClaimView, DisputeView, GameView } from '../../src/dispute/types.js';

const address = (n: number): Address => padHex(toHex(n), { size: 20 });
const hash = (n: number): Hex => padHex(toHex(n), { size: 32 });
const [ALICE, BOB, CAROL] = [address(1), address(2), address(3)];

const claim = (id: bigint, changes: Partial<ClaimView> = {}): ClaimView => ({
  id,
  kind: 'diff',
  number: 10n,
  value: 5n,
  claimant: ALICE,
  status: 'open',
  recorded: false,
  deadline: 2_000n,
  openGames: 1n,
  claimHash: hash(Number(id)),
  ...changes,
});

const game = (id: bigint, changes: Partial<GameView> = {}): GameView => ({
  id,
  claimId: 1n,
  challenger: BOB,
  base: 0n,
  preRoot: 9n,
  lo: 0n,
  hi: 9n,
  phase: 'claimantStates',
  outcome: 'none',
  index: 9n,
  root: 0n,
  mode: 'diff',
  agreed: 0n,
  target: 0n,
  deadline: 1_500n,
  stateHash: hash(100 + Number(id)),
  ...changes,
});

const view = (changes: Partial<DisputeView> = {}): DisputeView => ({
  block: { number: 7n, hash: hash(7), timestamp: 1_300n },
  time: 1_000n,
  paused: false,
  lastFinalRoot: 0n,
  claims: [claim(1n)],
  games: [game(1n)],
  ...changes,
});

describe('dueMoves', () => {
  it('asks the claimant once for an index that several games ask for, by the earliest deadline', () => {
    const games = [game(1n), game(2n, { challenger: CAROL, deadline: 1_400n }), game(3n, { index: 4n })];
    expect(dueMoves(view({ games }), ALICE)).toEqual([
      { type: 'state', claimId: 1n, claimHash: hash(1), index: 9n, deadline: 1_400n },
      { type: 'state', claimId: 1n, claimHash: hash(1), index: 4n, deadline: 1_500n },
    ]);
    expect(dueMoves(view({ games }), BOB)).toEqual([]);
  });

  it('asks the challenger for its answer, and nobody else', () => {
    const games = [game(1n, { phase: 'challengerAnswers', index: 4n, root: 77n })];
    const [due, ...rest] = dueMoves(view({ games }), BOB);
    expect(rest).toEqual([]);
    const answer = {
      type: 'answer',
      gameId: 1n,
      stateHash: hash(101),
      index: 4n,
      root: 77n,
      deadline: 1_500n,
    } as const;
    expect(due).toEqual(answer);
    expect([agrees(answer, 77n), agrees(answer, 78n)]).toEqual([true, false]);
    expect(dueMoves(view({ games }), ALICE)).toEqual([]);
    expect(dueMoves(view({ games }), CAROL)).toEqual([]);
  });

  it('joins games that wait for the same statement into one proof', () => {
    const prove = { phase: 'prove', mode: 'root', index: 4n, agreed: 33n } as const;
    const games = [
      game(1n, { ...prove, target: 50n }),
      game(2n, { ...prove, target: 60n, claimId: 2n, deadline: 1_200n }),
      game(3n, { ...prove, agreed: 34n, target: 50n }),
      game(4n, { ...prove, challenger: CAROL, target: 50n }),
    ];
    const claims = [claim(1n), claim(2n, { claimant: CAROL })];
    const moves = dueMoves(view({ games, claims }), BOB);
    expect(moves).toHaveLength(2);
    const [first] = moves;
    if (first?.type !== 'prove') throw new Error('a proof is due first');
    expect(first).toMatchObject({ number: 4n, mode: 'root', preRoot: 33n, deadline: 1_200n, required: true });
    expect(provesFor(first, 50n)).toEqual([2n]);
    expect(provesFor(first, 51n)).toEqual([1n, 2n]);
    const [claimants] = dueMoves(view({ games, claims }), ALICE);
    if (claimants?.type !== 'prove') throw new Error('the claimant may prove');
    expect(claimants.required).toBe(false);
    expect(provesFor(claimants, 50n)).toEqual([1n, 4n]);
    expect(provesFor(claimants, 51n)).toEqual([]);
  });

  it('settles and resolves last, and only what is one’s own', () => {
    const games = [game(1n, { phase: 'decided', outcome: 'claimFell' }), game(2n, { phase: 'closed' }), game(3n)];
    const claims = [claim(1n), claim(2n, { status: 'final' }), claim(3n, { status: 'void', recorded: true })];
    const types = (self: Address) => dueMoves(view({ games, claims }), self).map((move) => move.type);
    expect(types(ALICE)).toEqual(['state', 'settle', 'resolve']);
    expect(types(BOB)).toEqual(['settle']);
    expect(types(CAROL)).toEqual([]);
  });

  it('asks for nothing while paused', () => {
    expect(dueMoves(view({ paused: true }), ALICE)).toEqual([]);
    expect(challengeableClaims(view({ paused: true }), CAROL)).toEqual([]);
  });
});

describe('who plays', () => {
  it('names roles and whose clock runs', () => {
    expect([ALICE, BOB, CAROL].map((self) => roleIn(game(1n), claim(1n), self))).toEqual([
      'claimant',
      'challenger',
      undefined,
    ]);
    const phases = ['claimantStates', 'challengerAnswers', 'prove', 'decided', 'closed'] as const;
    expect(phases.map((phase) => mustMove(game(1n, { phase })))).toEqual([
      'claimant',
      'challenger',
      'challenger',
      undefined,
      undefined,
    ]);
  });
});

describe('claims', () => {
  it('lists what can be challenged: open, in its window, of somebody else, not disputed by oneself already', () => {
    const claims = [
      claim(1n),
      claim(2n, { deadline: 1_000n }),
      claim(3n, { status: 'void' }),
      claim(4n, { claimant: CAROL }),
      claim(5n, { deadline: 1_001n }),
    ];
    const ids = (self: Address, games: GameView[]) =>
      challengeableClaims(view({ claims, games }), self).map(({ id }) => id);
    expect(ids(BOB, [game(1n)])).toEqual([4n, 5n]);
    expect(ids(BOB, [game(1n, { phase: 'closed' })])).toEqual([1n, 4n, 5n]);
    expect(ids(CAROL, [game(1n)])).toEqual([1n, 5n]);
  });

  it('finds places that fell vacant, by their newest claim', () => {
    const claims = [
      claim(1n, { status: 'refuted' }),
      claim(2n),
      claim(3n, { kind: 'root', status: 'void' }),
      claim(4n, { number: 11n, status: 'final' }),
    ];
    expect(fallenClaims(view({ claims })).map(({ id }) => id)).toEqual([3n]);
    expect(newestClaim(view({ claims }), 'diff', 10n)?.id).toBe(2n);
    expect(newestClaim(view({ claims }), 'root', 11n)).toBeUndefined();
    expect(unrecordedClaims(view({ claims })).map(({ id }) => id)).toEqual([1n, 3n, 4n]);
  });
});

describe('time', () => {
  it('translates protocol time into L1’s', () => {
    expect(secondsLeft(1_500n, view())).toBe(500n);
    expect(l1Timestamp(1_500n, view())).toBe(1_800n);
    expect(l1Timestamp(1_500n, view({ paused: true }))).toBeUndefined();
  });
});
