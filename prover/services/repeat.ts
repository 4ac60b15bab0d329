import { type SerializedError, serializeError } from '../../src/errors/base.js';
import { namedL1Error } from '../../src/l1/named-error.js';
import { type RunOptions, runAgent } from '../agents/run.js';
import type { Log } from './log.js';

/** How an agent is run. */
export interface RepeatOptions extends Pick<RunOptions, 'rhythm'> {
  /** What it does, for the log. */
  readonly what: string;
  /** L1's address, for the log. */
  readonly l1: string;
  readonly log: Log;
  /** Ends it behind what is being done. */
  readonly signal: AbortSignal;
  /** Milliseconds to wait when nothing was to do. */
  readonly wait: number;
}

/** Runs an agent ({@link runAgent}) and logs its errors: the same one is said once, and once more when it is over. */
export async function repeat(
  agent: Parameters<typeof runAgent>[0],
  { what, l1, log, signal, wait, rhythm = false }: RepeatOptions,
): Promise<void> {
  let failed = '';
  const tick = async () => {
    const moved = await agent.tick();
    if (failed !== '') log.info({ after: failed }, `${what} works again`);
    failed = '';
    return moved;
  };
  const onError = (error: unknown) => {
    const errors = partsOf(error).map((one) => serializeError(namedL1Error(l1, one)));
    const words = errors.map(wordsOf).join('; ');
    if (words !== failed) {
      for (const { code, message, details = {} } of errors) log.error({ ...details, code }, `${what}: ${message}`);
    }
    failed = words;
  };
  await runAgent({ tick, stop: () => agent.stop() }, { signal, pauseMs: wait, rhythm, onError });
}

function partsOf(error: unknown): unknown[] {
  return error instanceof AggregateError ? error.errors.flatMap(partsOf) : [error];
}

function wordsOf({ code, message }: SerializedError): string {
  return `${code} ${message}`;
}
