import { setTimeout as sleep } from 'node:timers/promises';

/** What {@link runAgent} takes. */
export interface RunOptions {
  /** Ends the loop behind the look that is running, which waits for nothing more; what is on its way to L1 stays there. */
  readonly signal: AbortSignal;
  /** Milliseconds between looks that found nothing to do. */
  readonly pauseMs: number;
  /** Whether they are counted from a look's beginning, as slots are, and not from its end; from the end of one that failed in any case. */
  readonly rhythm?: boolean;
  /** Milliseconds at most between looks that fail; the pause doubles until then. */
  readonly longestMs?: number;
  readonly onError: (error: unknown) => void;
}

/**
 * Looks at L1 and moves, until it is told to stop. No error ends it: an L1 that is away, a full disk or a bad answer is told and tried
 * again, as a process that gives up loses its games by their clocks.
 */
export async function runAgent(
  agent: { tick(): Promise<boolean>; stop(): void },
  { signal, pauseMs, rhythm = false, longestMs = 60_000, onError }: RunOptions,
): Promise<void> {
  let pause = pauseMs;
  const stop = () => agent.stop();
  signal.addEventListener('abort', stop, { once: true });
  while (!signal.aborted) {
    let [moved, spent] = [false, 0];
    const begun = performance.now();
    try {
      moved = await agent.tick();
      pause = pauseMs;
      if (rhythm) spent = performance.now() - begun;
    } catch (error) {
      if (!signal.aborted) onError(error);
      pause = Math.min(2 * pause, longestMs);
    }
    if (!moved) await sleep(Math.max(pause - spent, 0), undefined, { signal }).catch(() => undefined);
  }
  signal.removeEventListener('abort', stop);
}
