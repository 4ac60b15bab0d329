import type { DisputeView } from './types.js';

/** Seconds of protocol time left before `deadline`; 0 or less when it is over. */
export function secondsLeft(deadline: bigint, view: Pick<DisputeView, 'time'>): bigint {
  return deadline - view.time;
}

/**
 * The earliest L1 timestamp at which protocol time can reach `deadline`: exact if nobody pauses before, and no pause has ended
 * within the last `extension` (time stands still for so long then); undefined while paused.
 */
export function l1Timestamp(
  deadline: bigint,
  view: Pick<DisputeView, 'time' | 'paused' | 'block'>,
): bigint | undefined {
  return view.paused ? undefined : view.block.timestamp + deadline - view.time;
}
