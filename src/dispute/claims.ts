import { type Address, isAddressEqual } from 'viem';
import type { Mode } from '../proof/types.js';
import type { ClaimView, DisputeView, GameView, StakeView } from './types.js';

/** Open claims that `self` may challenge: an account has one game on a claim, for ever. The honest challenger does when its own value differs. */
export function challengeableClaims(view: DisputeView, self: Address): ClaimView[] {
  if (view.paused) return [];
  const disputed = new Set(
    view.games.filter(({ challenger }) => isAddressEqual(challenger, self)).map(({ claimId }) => claimId),
  );
  return view.claims.filter(
    ({ id, status, challengeable, claimant }) =>
      status === 'open' && challengeable && !isAddressEqual(claimant, self) && !disputed.has(id),
  );
}

/** The stake that backs the next claims of `self`; undefined when it has none, or has lost it. */
export function standingStake(view: DisputeView, self: Address): StakeView | undefined {
  return view.stakes.find(({ owner, released, struck }) => !released && !struck && isAddressEqual(owner, self));
}

/** Ended claims whose end nobody recorded; resolving a final root lets later games start from it. */
export function unrecordedClaims(view: DisputeView): ClaimView[] {
  return view.claims.filter(({ status, recorded }) => status !== 'open' && !recorded);
}

/**
 * Ended claims that are of use to `self` when they are recorded: its own, as its stake is taken back when none is live; those that still block
 * its own; final roots beyond the last one, from which later games start; and where it has a stake and could claim, those that fell and keep
 * the slot from being entered. A slot in which all have fallen opens anew at once, however late the last of them had entered it.
 */
export function claimsToRecord(view: DisputeView, self: Address): ClaimView[] {
  if (view.paused) return [];
  const isOwn = ({ claimant }: ClaimView) => isAddressEqual(claimant, self);
  const isOver = ({ deadline }: ClaimView) => deadline <= view.time;
  const slotsWith = (has: (claim: ClaimView) => boolean) => new Set(view.claims.filter(has).map(slotOf));
  const held = slotsWith((claim) => isOwn(claim) && claim.status === 'open');
  const ended = slotsWith(({ status }) => status === 'final');
  const live = slotsWith(({ status }) => status === 'open');
  const closed = slotsWith(isOver);
  const isStaked = standingStake(view, self) !== undefined;
  const bars = (claim: ClaimView) => {
    const slot = slotOf(claim);
    if (claim.status === 'final' || ended.has(slot) || claim.number <= view.lastFinalRoot) return false;
    return isOver(claim) || (closed.has(slot) && !live.has(slot));
  };
  return unrecordedClaims(view).filter(
    (claim) =>
      isOwn(claim) ||
      held.has(slotOf(claim)) ||
      (isStaked && bars(claim)) ||
      (claim.kind === 'root' && claim.status === 'final' && claim.number > view.lastFinalRoot),
  );
}

/** A claim that an account could make. */
export interface MissingClaim {
  readonly kind: Mode;
  readonly number: bigint;
}

/**
 * Where `stakeId` has no claim yet, in batches up to `head`, though others may have one, true or false: who wants the truth safe from another
 * account's fate claims it too. Roots first, as games begin at them; nothing up to the last final root, which says it all. Whether L1 still takes a claim there, `slot` and `finalValue` say.
 * @param rootEvery K: a root is claimed at each multiple of it
 */
export function missingClaims(
  view: DisputeView,
  head: bigint,
  rootEvery: bigint,
  stakeId: bigint | undefined,
): MissingClaim[] {
  const taken = new Set<string>();
  for (const claim of view.claims) {
    const isClosed = !claim.recorded && claim.deadline <= view.time;
    if (claim.status === 'final' || claim.stakeId === stakeId || isClosed) taken.add(slotOf(claim));
  }
  const missing: MissingClaim[] = [];
  const add = (kind: Mode, number: bigint) => {
    if (!taken.has(slotOf({ kind, number }))) missing.push({ kind, number });
  };
  for (let n = (view.lastFinalRoot / rootEvery + 1n) * rootEvery; n <= head; n += rootEvery) add('root', n);
  for (let n = view.lastFinalRoot + 1n; n <= head; n++) add('diff', n);
  return missing;
}

/** Games that `self` has lost as claimant. */
export function lostAsClaimant(view: DisputeView, self: Address): GameView[] {
  const own = new Set(view.claims.filter(({ claimant }) => isAddressEqual(claimant, self)).map(({ id }) => id));
  return view.games.filter(({ claimId, outcome }) => outcome === 'challengerWins' && own.has(claimId));
}

/** The slot that a claim is in, as a key. */
export function slotOf({ kind, number }: Pick<ClaimView, 'kind' | 'number'>): string {
  return `${kind} ${number}`;
}
