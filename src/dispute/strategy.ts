import { type Address, isAddressEqual } from 'viem';
import { higher, lower } from '../batch/extremes.js';
import { rounds } from './bisection.js';
import type { Parameters } from './parameters.js';
import type { ClaimView, DisputeView, GameView } from './types.js';

/** What the strategy has to know of the parameters. */
export type Times = Pick<Parameters, 'clock' | 'extension' | 'proofWindow' | 'rootWindow'>;

/**
 * Protocol time at which a game has ended at the latest, when its challenger never waits and its claimant always does: the claimant has what
 * is left of its clock, and an extension for each move after that; then there is the proof.
 */
export function worstEnd(game: GameView, { time }: Pick<DisputeView, 'time'>, p: Times): bigint {
  const { phase, lo, hi, index, deadline } = game;
  switch (phase) {
    case 'decided':
    case 'closed':
      return time;
    case 'prove':
      return lower(deadline, time + p.proofWindow);
    case 'claimantStates': {
      // The root before the batch of a diff is asked for first; all other roots lie between lo and hi.
      const after = index === hi ? searches(lo, hi) : searches(lo, hi) - 1n;
      return deadline + after * p.extension + p.proofWindow;
    }
    case 'challengerAnswers':
      return leastEnd(game, { time }, p) + p.clock;
  }
}

/** The same where the challenger owes an answer, of a claimant that has used up its clock. */
export function leastEnd({ lo, hi }: GameView, { time }: Pick<DisputeView, 'time'>, p: Times): bigint {
  return time + searches(lo, hi) * p.extension + p.proofWindow;
}

/** The same of a game that is opened now on a claim, from the final root at `base`. */
export function worstEndOfNew(
  { kind, number }: Pick<ClaimView, 'kind' | 'number'>,
  base: bigint,
  { time }: Pick<DisputeView, 'time'>,
  p: Times,
): bigint {
  const moves = kind === 'root' ? searches(base, number) : base === number - 1n ? 0n : 1n + searches(base, number - 1n);
  return time + (moves === 0n ? 0n : p.clock + moves * p.extension) + p.proofWindow;
}

/**
 * The claims that `self` should challenge now, of false ones that it may challenge. One lost game strikes a stake and voids all its claims, so one
 * game a stake is enough, the one with the least worst end, as long as that is in time for the others: each claim that may be final before, or
 * within half a day of that (a fourteenth of the window), gets its own. That a rival blocks a claim does not count, as rivals may fall. What
 * others play does not count, as puppets concede. First games on a stake come first, as bonds may be few.
 * @param baseOf the last final root before a batch
 * @param endOf when a running game has ended at worst
 */
export function challengesDue(
  view: DisputeView,
  self: Address,
  falseClaims: readonly ClaimView[],
  p: Times,
  baseOf: (number: bigint) => bigint,
  endOf: (game: GameView) => bigint = (game) => worstEnd(game, view, p),
): ClaimView[] {
  const stakeOf = new Map(view.claims.map(({ id, stakeId }) => [id, stakeId]));
  const ends = new Map<bigint, bigint>();
  const note = (stake: bigint, end: bigint) => {
    const before = ends.get(stake);
    if (before === undefined || end < before) ends.set(stake, end);
  };
  for (const game of view.games) {
    const isRunning = game.phase !== 'closed' && (game.phase !== 'decided' || game.outcome === 'challengerWins');
    if (isRunning && isAddressEqual(game.challenger, self)) note(stakeOf.get(game.claimId)!, endOf(game));
  }
  const candidates = falseClaims
    .map((claim) => ({ claim, end: worstEndOfNew(claim, baseOf(claim.number), view, p), final: finality(claim) }))
    .sort((a, b) => compare(a.end, b.end) || compare(a.final, b.final));
  const first: ClaimView[] = [];
  const further: ClaimView[] = [];
  for (const { claim, end, final } of candidates) {
    const running = ends.get(claim.stakeId);
    if (running !== undefined && running < final - marginOf(p)) continue;
    (running === undefined ? first : further).push(claim);
    note(claim.stakeId, end);
  }
  return [...first, ...further];
}

/** Whether a game on a claim would be over in time for all false claims on its stake, so that it may be opened a little later. */
export function mayWait(
  claim: ClaimView,
  falseClaims: readonly ClaimView[],
  view: Pick<DisputeView, 'time'>,
  p: Times,
  base: bigint,
): boolean {
  const end = worstEndOfNew(claim, base, view, p);
  return falseClaims.every((other) => other.stakeId !== claim.stakeId || end < finality(other) - marginOf(p));
}

/** Half a day in the terms of the default parameters. */
function marginOf({ rootWindow }: Times): bigint {
  return rootWindow / 14n;
}

/** The earliest protocol time at which a claim can be final. */
function finality({ deadline, quietUntil }: ClaimView): bigint {
  return higher(deadline, quietUntil);
}

function searches(lo: bigint, hi: bigint): bigint {
  return hi > lo ? BigInt(rounds(lo, hi)) : 0n;
}

function compare(a: bigint, b: bigint): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
