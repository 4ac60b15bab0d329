import { type Address, isAddressEqual } from 'viem';
import type { Mode } from '../proof/types.js';
import type { ClaimView, DisputeView } from './types.js';

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
