import { type Address, type Hex, isAddressEqual } from 'viem';
import type { Mode } from '../proof/types.js';
import type { ClaimView, DisputeView, GameView } from './types.js';

/** The claimant owes the root at `index`, for all games on the claim at once. */
export interface DueStatement {
  readonly type: 'state';
  readonly claimId: bigint;
  readonly claimHash: Hex;
  readonly index: bigint;
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
  /** Whether the player loses without it: the proof's clock runs against challengers. */
  readonly required: boolean;
}

/** A decided game waits for somebody to settle it. */
export interface DueSettlement {
  readonly type: 'settle';
  readonly gameId: bigint;
}

/** An own claim has ended and waits for its record (and, when final, pays its stake back). */
export interface DueResolution {
  readonly type: 'resolve';
  readonly claimId: bigint;
}

/** What a player should do now. */
export type DueMove = DueStatement | DueAnswer | DueProof | DueSettlement | DueResolution;

/** A player's side in a game. */
export type Role = 'claimant' | 'challenger';

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
  for (const claim of view.claims) {
    if (isAddressEqual(claim.claimant, self) && claim.status !== 'open' && !claim.recorded) {
      moves.set(`resolve ${claim.id}`, { type: 'resolve', claimId: claim.id });
    }
  }
  return [...moves.values()].sort(byDeadline);
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
      moves.set(key, { type: 'state', claimId: claim.id, claimHash, index, deadline: earliest });
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
