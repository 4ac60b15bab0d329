import { type Address, isAddressEqual } from 'viem';
import type { Mode } from '../proof/types.js';
import type { ClaimView, DisputeView, GameView } from './types.js';

/** Claims that `self` may still challenge and does not dispute yet; the honest challenger does when its own value differs. */
export function challengeableClaims(view: DisputeView, self: Address): ClaimView[] {
  if (view.paused) return [];
  const mine = view.games.filter((game) => isAddressEqual(game.challenger, self) && game.phase !== 'closed');
  const disputed = new Set(mine.map((game) => game.claimId));
  return view.claims.filter(
    ({ id, status, deadline, claimant }) =>
      status === 'open' && view.time < deadline && !isAddressEqual(claimant, self) && !disputed.has(id),
  );
}

/** The newest claim on (kind, number); undefined when there was none. */
export function newestClaim(view: DisputeView, kind: Mode, number: bigint): ClaimView | undefined {
  return view.claims.findLast((claim) => claim.kind === kind && claim.number === number);
}

/**
 * Claims that fell and have no successor yet: their places are free for anybody's claim. One that is `void` (not
 * refuted) may be taken over with the same value before its old deadline, but at least for minWindow. A value that became
 * final by proof alone is not seen here: L1 then refuses the claim as `AlreadyFinal`.
 */
export function fallenClaims(view: DisputeView): ClaimView[] {
  const newest = new Map(view.claims.map((claim) => [`${claim.kind} ${claim.number}`, claim]));
  return [...newest.values()].filter(({ status }) => status === 'void' || status === 'refuted');
}

/** Ended claims whose end nobody recorded; resolving a final root lets later games start from it. */
export function unrecordedClaims(view: DisputeView): ClaimView[] {
  return view.claims.filter(({ status, recorded }) => status !== 'open' && !recorded);
}

/** A claim that an honest account makes now. */
export interface MissingClaim {
  readonly kind: Mode;
  readonly number: bigint;
}

/**
 * Batches beyond the last final root, up to `head`, of which no claim is live or final, whatever became of earlier ones: roots first, as
 * games begin at them and the next claims depend on them.
 * @param rootEvery a root is claimed at each multiple of it; none when undefined
 */
export function missingClaims(view: DisputeView, head: bigint, rootEvery: bigint | undefined): MissingClaim[] {
  const fallen = new Set(fallenClaims(view).map(({ kind, number }) => `${kind} ${number}`));
  const made = new Set(view.claims.map(({ kind, number }) => `${kind} ${number}`));
  const isMissing = ({ kind, number }: MissingClaim) => {
    const key = `${kind} ${number}`;
    return fallen.has(key) || !made.has(key);
  };
  const numbers: bigint[] = [];
  for (let number = view.lastFinalRoot + 1n; number <= head; number++) numbers.push(number);
  const roots = rootEvery === undefined ? [] : numbers.filter((number) => number % rootEvery === 0n);
  const all = [
    ...roots.map((number): MissingClaim => ({ kind: 'root', number })),
    ...numbers.map((number): MissingClaim => ({ kind: 'diff', number })),
  ];
  return all.filter(isMissing);
}

/** Games that `self` has lost as claimant. */
export function lostAsClaimant(view: DisputeView, self: Address): GameView[] {
  const own = new Set(view.claims.filter(({ claimant }) => isAddressEqual(claimant, self)).map(({ id }) => id));
  return view.games.filter(({ claimId, outcome }) => outcome === 'challengerWins' && own.has(claimId));
}
