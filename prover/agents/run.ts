import { setTimeout as sleep } from 'node:timers/promises';

/** What {@link runAgent} takes. */
export interface RunOptions {
  /** Ends the loop behind the look that is running, which waits for nothing more; what is on its way to L1 stays there. */
  readonly signal: AbortSignal;
  /** Milliseconds between looks that found nothing to do. */
  readonly pauseMs: number;
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
  { signal, pauseMs, longestMs = 60_000, onError }: RunOptions,
): Promise<void> {
  let pause = pauseMs;
  const stop = () => agent.stop();
  signal.addEventListener('abort', stop, { once: true });
  while (!signal.aborted) {
    let moved = false;
    try {
      moved = await agent.tick();
      pause = pauseMs;
    } catch (error) {
      if (!signal.aborted) onError(error);
      pause = Math.min(2 * pause, longestMs);
    }
    if (!moved) await sleep(pause, undefined, { signal }).catch(() => undefined);
  }
  signal.removeEventListener('abort', stop);
}
