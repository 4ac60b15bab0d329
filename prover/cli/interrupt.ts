import { InterruptError } from '../../src/errors/interrupt.js';
import { codeOfSignal } from './exit-codes.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

let current: AbortController | undefined;

/**
 * From now on a signal ends the process by `process.exit`, so that everybody who started a child ends it, unless
 * {@link interruptible} work has something to put away first; a second signal does not wait for that.
 */
export function handleSignals(): void {
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (current === undefined || current.signal.aborted) process.exit(codeOfSignal(signal));
      current.abort(new InterruptError(signal));
    });
  }
}

/**
 * Runs work that has something to put away when a signal comes: `signal` is aborted with an {@link InterruptError}, which the
 * work throws when it has cleaned up. One at a time.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  current = new AbortController();
  try {
    return await work(current.signal);
  } finally {
    current = undefined;
  }
}

/** Rejects with the signal's reason; never resolves. For `Promise.race` with work that knows no signals. */
export function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
