import type { DisputeView } from './types.js';

/** Seconds of protocol time left before `deadline`; 0 or less when it is over. */
export function secondsLeft(deadline: bigint, view: Pick<DisputeView, 'time'>): bigint {
  return deadline - view.time;
}

/**
 * The L1 timestamp at which protocol time reaches `deadline`, if nobody pauses before; undefined while paused, because
 * clocks stand still then.
 */
export function l1Timestamp(
  deadline: bigint,
  view: Pick<DisputeView, 'time' | 'paused' | 'block'>,
): bigint | undefined {
  return view.paused ? undefined : view.block.timestamp + deadline - view.time;
}
