import { type Address, type Hex, padHex, toHex } from 'viem';
import { describe, expect, it } from 'vitest';
import { challengeableClaims, claimsToRecord, missingClaims, unrecordedClaims } from '../../src/dispute/claims.js';
import { agrees, dueMoves, mustMove, provesFor, roleIn, strikes, unpaidProofs } from '../../src/dispute/moves.js';
import { l1Timestamp, secondsLeft } from '../../src/dispute/time.js';
import type { ClaimView, DisputeView, GameView, StakeView } from '../../src/dispute/types.js';

const address = (n: number): Address => padHex(toHex(n), { size: 20 });
const hash = (n: number): Hex => padHex(toHex(n), { size: 32 });
const [ALICE, BOB, CAROL] = [address(1), address(2), address(3)];

const claim = (id: bigint, changes: Partial<ClaimView> = {}): ClaimView => ({
  id,
  kind: 'diff',
  number: 10n,
  value: 5n,
  claimant: ALICE,
  stakeId: 1n,
  status: 'open',
  recorded: false,
  deadline: 2_000n,
  quietUntil: 0n,
  openGames: 1n,
  rivals: 0n,
  challengeable: true,
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
  spent: 0n,
  ...changes,
});

const stake = (id: bigint, changes: Partial<StakeView> = {}): StakeView => ({
  id,
  owner: ALICE,
  live: 1n,
  released: false,
  struck: false,
  struckAt: 0n,
  pursesUntil: 0n,
  proofPurse: 0n,
  movePurse: 0n,
  rewardLeft: false,
  proofPayLeft: false,
  ...changes,
});

const view = (changes: Partial<DisputeView> = {}): DisputeView => ({
  block: { number: 7n, hash: hash(7), timestamp: 1_300n },
  time: 1_000n,
  paused: false,
  lastFinalRoot: 0n,
  stakes: [stake(1n)],
  claims: [claim(1n)],
  games: [game(1n)],
  ...changes,
});

describe('dueMoves', () => {
  it('asks the claimant once for all indices that games ask for, by the earliest deadline', () => {
    const games = [game(1n), game(2n, { challenger: CAROL, deadline: 1_400n }), game(3n, { index: 4n })];
    expect(dueMoves(view({ games }), ALICE)).toEqual([
      { type: 'state', claimId: 1n, claimHash: hash(1), indices: [9n, 4n], deadline: 1_400n },
    ]);
    expect(dueMoves(view({ games }), BOB)).toEqual([]);
  });

  it('states no more at once than a call holds', () => {
    const games = Array.from({ length: 100 }, (_, i) => game(BigInt(i + 1), { index: BigInt(i + 1) }));
    const moves = dueMoves(view({ games }), ALICE);
    expect(moves.map((move) => (move.type === 'state' ? move.indices.length : 0))).toEqual([48, 48, 4]);
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
  it('lists what L1 lets oneself challenge: of somebody else, and never disputed by oneself before', () => {
    const claims = [
      claim(1n),
      claim(2n, { challengeable: false }),
      claim(3n, { status: 'void' }),
      claim(4n, { claimant: CAROL }),
      claim(5n, { deadline: 1_001n }),
    ];
    const ids = (self: Address, games: GameView[]) =>
      challengeableClaims(view({ claims, games }), self).map(({ id }) => id);
    expect(ids(BOB, [game(1n)])).toEqual([4n, 5n]);
    expect(ids(BOB, [game(1n, { phase: 'closed' })])).toEqual([4n, 5n]);
    expect(ids(CAROL, [game(1n)])).toEqual([1n, 5n]);
  });

  it('are missing where the own stake has none and nothing is final, roots at multiples of K first', () => {
    const claims = [
      claim(1n, { number: 5n }),
      claim(2n, { kind: 'root', number: 4n, stakeId: 2n, claimant: BOB }),
      claim(3n, { number: 6n, status: 'final', stakeId: 2n }),
      // Its window is over, so nobody enters any more.
      claim(4n, { number: 7n, stakeId: 2n, deadline: 1_000n }),
    ];
    const missing = (stakeId: bigint | undefined, lastFinalRoot = 2n) =>
      missingClaims(view({ claims, lastFinalRoot }), 8n, 4n, stakeId).map(({ kind, number }) => `${kind} ${number}`);
    expect(missing(1n)).toEqual(['root 4', 'root 8', 'diff 3', 'diff 4', 'diff 8']);
    expect(missing(undefined)).toEqual(['root 4', 'root 8', 'diff 3', 'diff 4', 'diff 5', 'diff 8']);
    expect(missing(1n, 8n)).toEqual([]);
  });

  it('are recorded when that frees a stake, a blocked claim, a slot to enter, or a base of games', () => {
    const ended = { status: 'void', claimant: CAROL, stakeId: 2n, deadline: 1_000n } as const;
    const claims = [
      claim(1n, { status: 'final' }),
      claim(2n, { number: 11n, claimant: BOB }),
      claim(3n, { ...ended, number: 11n }),
      claim(4n, { ...ended, number: 12n }),
      claim(5n, { ...ended, kind: 'root', status: 'final' }),
      claim(6n, { ...ended, recorded: true }),
    ];
    const recorded = (self: Address, stakes: readonly StakeView[] = []) =>
      claimsToRecord(view({ claims, stakes, lastFinalRoot: 4n }), self).map(({ id }) => id);
    expect(unrecordedClaims(view({ claims })).map(({ id }) => id)).toEqual([1n, 3n, 4n, 5n]);
    expect(recorded(ALICE)).toEqual([1n, 5n]);
    expect(recorded(BOB)).toEqual([3n, 5n]);
    expect(recorded(BOB, [stake(3n, { owner: BOB })])).toEqual([3n, 4n, 5n]);
    expect(recorded(BOB, [stake(3n, { owner: BOB, struck: true })])).toEqual([3n, 5n]);
  });
});

describe('stakes', () => {
  it('are struck for nothing by decided games, own ones first, and by what a final value contradicts', () => {
    const claims = [
      claim(1n),
      claim(2n, { stakeId: 2n }),
      claim(3n, { stakeId: 3n, status: 'refuted' }),
      claim(4n, { stakeId: 4n, status: 'refuted', recorded: true }),
    ];
    const decided = { phase: 'decided', outcome: 'challengerWins' } as const;
    const games = [
      game(1n, { ...decided, challenger: CAROL }),
      game(2n, decided),
      game(3n, { claimId: 2n, phase: 'decided', outcome: 'claimantWins' }),
      game(4n, { claimId: 2n }),
    ];
    expect(strikes(view({ claims, games }), BOB, claims.slice(0, 2))).toEqual([
      { stakeId: 1n, move: { type: 'settle', gameId: 2n } },
      { stakeId: 3n, move: { type: 'resolve', claimIds: [3n] } },
    ]);
    // A true claim that has lost its game is nobody's to strike.
    expect(strikes(view({ claims: [claim(1n)], games }), BOB, [])).toEqual([]);
    expect(strikes(view({ claims, games, paused: true }), BOB, claims)).toEqual([]);
  });

  it('that are struck pay for proofs that own games had come down to, as long as there is something in the purse', () => {
    const struck = { struck: true, struckAt: 900n, pursesUntil: 1_001n, proofPurse: 5n };
    const proof = { mode: 'root', index: 4n, agreed: 33n, target: 50n } as const;
    const games = [
      game(1n, { ...proof, phase: 'closed', outcome: 'claimFell' }),
      game(2n, { ...proof, phase: 'decided', outcome: 'claimFell' }),
      game(3n, { ...proof, phase: 'closed', outcome: 'claimantWins' }),
      game(4n, { ...proof, phase: 'closed', outcome: 'claimFell', agreed: 0n }),
      game(5n, { ...proof, phase: 'closed', outcome: 'claimFell', challenger: CAROL }),
      game(6n, { ...proof, phase: 'prove' }),
    ];
    const unpaid = (changes: Partial<StakeView>, time = 1_000n) =>
      unpaidProofs(view({ games, time, stakes: [stake(1n, { ...struck, ...changes })] }), BOB);
    const due = { number: 4n, mode: 'root', preRoot: 33n, target: 50n, deadline: 1_500n } as const;
    expect(unpaid({})).toEqual([
      { gameId: 1n, isClosed: true, ...due },
      { gameId: 2n, isClosed: false, ...due },
    ]);
    expect(unpaid({ proofPurse: 0n })).toEqual([]);
    expect(unpaid({}, 1_001n)).toEqual([]);
  });
});

describe('time', () => {
  it('translates protocol time into L1’s', () => {
    expect(secondsLeft(1_500n, view())).toBe(500n);
    expect(l1Timestamp(1_500n, view())).toBe(1_800n);
    expect(l1Timestamp(1_500n, view({ paused: true }))).toBeUndefined();
  });
});
