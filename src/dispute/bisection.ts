import { DisputeError } from '../errors/dispute.js';

/**
 * The batch whose root the claimant is asked for: the middle, rounded down, as on L1.
 * @throws DisputeError `DISPUTE_RANGE` unless lo + 1 < hi
 */
export function midpoint(lo: bigint, hi: bigint): bigint {
  if (hi - lo < 2n) throw new DisputeError('DISPUTE_RANGE', `There is nothing between ${lo} and ${hi}.`);
  return (lo + hi) / 2n;
}

/** The most rounds of a bisection between lo < hi: the ceiling of log2(hi - lo), none when adjacent. */
export function rounds(lo: bigint, hi: bigint): number {
  if (hi <= lo) throw new DisputeError('DISPUTE_RANGE', `${lo} is not below ${hi}.`);
  return hi - lo === 1n ? 0 : (hi - lo - 1n).toString(2).length;
}

/**
 * The batch x that a bisection between lo and hi ends at, when the challenger agrees exactly where `agree` says so:
 * agreed at x - 1, denied at x. Asks `agree` once per round.
 */
export function disputedBatch(lo: bigint, hi: bigint, agree: (index: bigint) => boolean): bigint {
  let [low, high] = [lo, hi];
  while (high - low > 1n) {
    const middle = midpoint(low, high);
    if (agree(middle)) low = middle;
    else high = middle;
  }
  return high;
}
