import { type Address, type Hex, isAddressEqual } from 'viem';
import type { Mode } from '../proof/types.js';
import { claimsToRecord } from './claims.js';
import type { ClaimView, DisputeView, GameView } from './types.js';

/** The claimant owes the roots at `indices`, for all games on the claim at once. */
export interface DueStatement {
  readonly type: 'state';
  readonly claimId: bigint;
  readonly claimHash: Hex;
  /** Those with the earliest deadlines first; few enough for one call. */
  readonly indices: readonly bigint[];
  /** The earliest of the games that ask for them. */
  readonly deadline: bigint;
}

/** The challenger owes an answer to the claimant's `root` at `index`. */
export interface DueAnswer {
  readonly type: 'answer';
  readonly gameId: bigint;
  readonly stateHash: Hex;
  readonly index: bigint;
  readonly root: bigint;
  readonly deadline: bigint;
}

/** Batch `number` is to be proven from `preRoot`; the claimants of these games win exactly when the value is `target`. */
export interface DueProof {
  readonly type: 'prove';
  readonly number: bigint;
  readonly mode: Mode;
  readonly preRoot: bigint;
  /** The games that wait for this statement, with the value at which each claimant wins. */
  readonly games: readonly { readonly id: bigint; readonly target: bigint; readonly role: Role }[];
  /** The earliest deadline of these games. */
  readonly deadline: bigint;
  /** Whether the player loses without it: the proof's clock runs against challengers; a claimant wins by it. */
  readonly required: boolean;
}

/** A decided game waits for somebody to settle it. */
export interface DueSettlement {
  readonly type: 'settle';
  readonly gameId: bigint;
}

/** Claims have ended and wait for their record. */
export interface DueResolution {
  readonly type: 'resolve';
  /** Few enough for one call. */
  readonly claimIds: readonly bigint[];
}

/** What a player should do now. */
export type DueMove = DueStatement | DueAnswer | DueProof | DueSettlement | DueResolution;

/** A player's side in a game. */
export type Role = 'claimant' | 'challenger';

/** Roots that are stated in one call, and claims that are recorded in one: some 3M gas. */
const AT_ONCE = 48;

/**
 * Everything `self` should do in its games and claims, by the view alone; what costs nothing to postpone comes last, the
 * rest by deadline. The honest strategy is then: state one's own root, agree exactly when the claimant's root is one's own
 * ({@link agrees}), prove what decides a game in one's favour ({@link provesFor}). Nothing is due while paused.
 */
export function dueMoves(view: DisputeView, self: Address): DueMove[] {
  if (view.paused) return [];
  const claims = new Map(view.claims.map((claim) => [claim.id, claim]));
  const moves = new Map<string, DueMove>();
  for (const game of view.games) {
    const claim = claims.get(game.claimId);
    const role = claim && roleIn(game, claim, self);
    if (claim && role) collect(moves, game, claim, role);
  }
  return [...statements([...moves.values()]), ...records(claimsToRecord(view, self))].sort(byDeadline);
}

/** What records the ends of claims, a few in each call. */
export function records(claims: readonly ClaimView[]): DueResolution[] {
  return chunks(claims).map((some) => ({ type: 'resolve', claimIds: some.map(({ id }) => id) }));
}

/**
 * A stake fell by something else than the proof that an own game against it had come down to. Who had begun to bring that proof to L1 goes on
 * with it, up to `deadline`; what it costs is paid from the stake's purse.
 */
export interface UnpaidProof {
  readonly gameId: bigint;
  /** Whether the game is settled: what it waited for is paid by `reimburse` alone, then. */
  readonly isClosed: boolean;
  readonly number: bigint;
  readonly mode: Mode;
  readonly preRoot: bigint;
  /** A proof of any other value is paid for. */
  readonly target: bigint;
  readonly deadline: bigint;
}

/** Games of `self` as challenger for whose proofs a purse may still pay. What is proven, and whether it is paid, L1 says. */
export function unpaidProofs(view: DisputeView, self: Address): UnpaidProof[] {
  if (view.paused) return [];
  const stakes = new Map(view.stakes.map((stake) => [stake.id, stake]));
  const claims = new Map(view.claims.map((claim) => [claim.id, claim]));
  return view.games.flatMap((game) => {
    const { id: gameId, claimId, challenger, phase, outcome, index: number, mode, agreed: preRoot } = game;
    if (!isAddressEqual(challenger, self) || outcome === 'claimantWins' || preRoot === 0n) return [];
    if (phase !== 'closed' && (phase !== 'decided' || outcome !== 'claimFell')) return [];
    const { proofPurse, pursesUntil } = stakes.get(claims.get(claimId)!.stakeId)!;
    if (proofPurse === 0n || view.time >= pursesUntil) return [];
    const { target, deadline } = game;
    return { gameId, isClosed: phase === 'closed', number, mode, preRoot, target, deadline };
  });
}

/** A move that strikes a stake. */
export interface Strike {
  readonly stakeId: bigint;
  readonly move: DueSettlement | DueResolution;
}

/**
 * What strikes false stakes at once, without a proof: a game against one of them that is decided, whoever opened it, or a claim that a final
 * value contradicts. Own games first, as the reward is theirs.
 * @param falseClaims what the own node contradicts
 */
export function strikes(view: DisputeView, self: Address, falseClaims: readonly ClaimView[]): Strike[] {
  if (view.paused) return [];
  const found = new Map<bigint, Strike['move']>();
  const stakes = new Map(falseClaims.map(({ id, stakeId }) => [id, stakeId]));
  const own = ({ challenger }: GameView) => (isAddressEqual(challenger, self) ? 0 : 1);
  const decided = view.games
    .filter(({ claimId, phase, outcome }) => stakes.has(claimId) && phase === 'decided' && outcome === 'challengerWins')
    .sort((a, b) => own(a) - own(b));
  for (const { id, claimId } of decided) {
    const stakeId = stakes.get(claimId)!;
    if (!found.has(stakeId)) found.set(stakeId, { type: 'settle', gameId: id });
  }
  for (const { id, stakeId, status, recorded } of view.claims) {
    const isContradicted = status === 'refuted' && !recorded;
    if (isContradicted && !found.has(stakeId)) found.set(stakeId, { type: 'resolve', claimIds: [id] });
  }
  return [...found].map(([stakeId, move]) => ({ stakeId, move }));
}

/** Which side `self` plays in a game; undefined when it is not in it. Who disputes with itself is the claimant. */
export function roleIn(game: GameView, claim: ClaimView, self: Address): Role | undefined {
  if (isAddressEqual(claim.claimant, self)) return 'claimant';
  return isAddressEqual(game.challenger, self) ? 'challenger' : undefined;
}

/** The player whose clock runs; undefined when no clock does. */
export function mustMove(game: GameView): Role | undefined {
  if (game.phase === 'claimantStates') return 'claimant';
  return game.phase === 'challengerAnswers' || game.phase === 'prove' ? 'challenger' : undefined;
}

/** The honest challenger's answer, given its own root at `due.index`. */
export function agrees(due: DueAnswer, ownRoot: bigint): boolean {
  return ownRoot === due.root;
}

/**
 * The games that a proof of `ownValue` decides for the player. When there is none, the player does not prove: for an
 * honest one this happens only where `due.preRoot` is not its own root.
 */
export function provesFor(due: DueProof, ownValue: bigint): bigint[] {
  return due.games.filter(({ target, role }) => (role === 'claimant') === (ownValue === target)).map((game) => game.id);
}

function collect(moves: Map<string, DueMove>, game: GameView, claim: ClaimView, role: Role): void {
  const { deadline, index, stateHash } = game;
  switch (game.phase) {
    case 'decided':
      moves.set(`settle ${game.id}`, { type: 'settle', gameId: game.id });
      return;
    case 'claimantStates': {
      if (role !== 'claimant') return;
      const key = `state ${claim.id} ${index}`;
      const earliest = earlier(moves.get(key), deadline);
      const { claimHash } = claim;
      moves.set(key, { type: 'state', claimId: claim.id, claimHash, indices: [index], deadline: earliest });
      return;
    }
    case 'challengerAnswers':
      if (role !== 'challenger') return;
      moves.set(`answer ${game.id}`, { type: 'answer', gameId: game.id, stateHash, index, root: game.root, deadline });
      return;
    case 'prove': {
      const { mode, agreed: preRoot } = game;
      const key = `prove ${mode} ${index} ${preRoot}`;
      const before = moves.get(key) as DueProof | undefined;
      const games = [...(before?.games ?? []), { id: game.id, target: game.target, role }];
      const required = (before?.required ?? false) || role === 'challenger';
      moves.set(key, {
        type: 'prove',
        number: index,
        mode,
        preRoot,
        games,
        deadline: earlier(before, deadline),
        required,
      });
      return;
    }
    case 'closed':
      return;
  }
}

/** The same moves, with one call for the roots that a claim owes. */
function statements(moves: readonly DueMove[]): DueMove[] {
  const owed = new Map<bigint, DueStatement[]>();
  for (const move of [...moves].sort(byDeadline)) {
    if (move.type === 'state') owed.set(move.claimId, [...(owed.get(move.claimId) ?? []), move]);
  }
  const joined = [...owed.values()].flatMap((all) =>
    chunks(all).map((some): DueStatement => ({ ...some[0]!, indices: some.flatMap(({ indices }) => indices) })),
  );
  return [...moves.filter(({ type }) => type !== 'state'), ...joined];
}

function chunks<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / AT_ONCE) }, (_, i) => all.slice(i * AT_ONCE, (i + 1) * AT_ONCE));
}

function deadlineOf(move: DueMove | undefined): bigint | undefined {
  return move !== undefined && 'deadline' in move ? move.deadline : undefined;
}

function earlier(move: DueMove | undefined, deadline: bigint): bigint {
  const other = deadlineOf(move);
  return other !== undefined && other < deadline ? other : deadline;
}

function byDeadline(a: DueMove, b: DueMove): number {
  const [first, second] = [deadlineOf(a), deadlineOf(b)];
  if (first === second) return 0;
  if (first === undefined) return 1;
  if (second === undefined) return -1;
  return first < second ? -1 : 1;
}
