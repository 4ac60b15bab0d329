import { setTimeout as sleep } from 'node:timers/promises';
import { serializeError } from '../../src/errors/base.js';
import { QueueError } from '../../src/errors/queue.js';
import type { BatchRequest } from '../../src/trace/request.js';
import { isInputFault } from '../queue/failures.js';
import type { ProofOptions, ProofService, ProofTarget, ProvenBundle } from './service.js';

/** What becomes of a proof that is needed. */
export type ProofJobEvent =
  | { readonly type: 'proving'; readonly job: string }
  /**
   * A try failed, and another one begins after `pauseMs`. `lastHour` counts the failures of one hour, and `alarm` says that there are so
   * many that somebody has to look.
   */
  | {
      readonly type: 'proofFailed';
      readonly job: string | undefined;
      readonly code: string;
      readonly message: string;
      readonly lastHour: number;
      readonly pauseMs: number;
      readonly alarm: boolean;
    };

/** What {@link proveUntilDone} takes. */
export interface ProofJobOptions {
  /** Ends it: the proof is not needed any more, or the process stops. The job stays in the queue. */
  readonly signal?: AbortSignal;
  readonly tell?: (event: ProofJobEvent) => void;
  /**
   * Milliseconds since 1970 until which the proof is of use, asked at each try; the queue takes the earliest first. One that is over when it is
   * asked, as a pause of L1 or another clock may let it seem, does not count.
   */
  readonly deadline?: () => number | undefined;
  /** The game that it is for, for people. */
  readonly game?: string;
  /** Milliseconds before the second try; it doubles each time up to `longestMs`. */
  readonly pauseMs?: number;
  readonly longestMs?: number;
  /** Milliseconds between looks for a job that has vanished from the queue. */
  readonly lookMs?: number;
}

const HOUR = 3_600_000;
/** Failures of one hour that are an alarm. */
const ALARM_AT = 3;
/** Tries that keep what had been computed; then all of it is computed again, in case some of that is damaged. */
const KEEPING_TRIES = 3;

/**
 * A proof that a game needs, whatever happens to its job: one that fails is tried again, as long as nobody says stop, unless its failure
 * says that the input is wrong; one that has vanished from the queue, or is another one for a new version of the program, is submitted again.
 * @throws the job's error when no try can succeed ({@link isWrongInput}); the signal's reason
 */
export async function proveUntilDone(
  proofs: Pick<ProofService, 'submit' | 'bundleOf' | 'again' | 'isThere'>,
  request: BatchRequest,
  target: ProofTarget,
  options: ProofJobOptions = {},
): Promise<ProvenBundle> {
  const { signal, tell = () => {}, pauseMs = 2_000, longestMs = 300_000, lookMs = 10_000 } = options;
  const failures: number[] = [];
  let told: string | undefined;
  for (let pause = pauseMs, tries = 1; ; pause = Math.min(2 * pause, longestMs), tries++) {
    let job: string | undefined;
    try {
      job = await proofs.submit(request, target, submitOptions(options));
      if (job !== told) tell({ type: 'proving', job });
      told = job;
      return await whileThere(proofs, job, lookMs, signal);
    } catch (error) {
      if (signal?.aborted || isWrongInput(error)) throw error;
      failures.push(Date.now());
      const lastHour = failures.filter((at) => at > Date.now() - HOUR).length;
      const { code, message } = serializeError(error);
      tell({ type: 'proofFailed', job, code, message, lastHour, pauseMs: pause, alarm: lastHour >= ALARM_AT });
      await sleep(pause, undefined, signal === undefined ? {} : { signal });
      // A queue that cannot be reached is asked again by the next try.
      if (job !== undefined) await proofs.again(job, { fresh: tries > KEEPING_TRIES }).catch(() => undefined);
    }
  }
}

function submitOptions({ deadline, game }: ProofJobOptions): ProofOptions {
  const until = deadline?.();
  return {
    ...(until === undefined || until <= Date.now() ? {} : { deadline: until }),
    ...(game === undefined ? {} : { game }),
  };
}

/** Whether an error says of a proof's input that no try can succeed; all else may be the machine's or the queue's. */
export function isWrongInput(error: unknown): boolean {
  return isInputFault(serializeError(error));
}

/** Waits for a job's bundle and looks meanwhile whether the queue still has it: a queue that was emptied tells nobody. */
async function whileThere(
  proofs: Pick<ProofService, 'bundleOf' | 'isThere'>,
  job: string,
  lookMs: number,
  outer: AbortSignal | undefined,
): Promise<ProvenBundle> {
  const ended = new AbortController();
  const signal = outer === undefined ? ended.signal : AbortSignal.any([outer, ended.signal]);
  const gone = async (): Promise<never> => {
    for (;;) {
      await sleep(lookMs, undefined, { signal });
      if (!(await proofs.isThere(job).catch(() => true))) {
        throw new QueueError('QUEUE_JOB_UNKNOWN', `The queue has lost job ${job}.`, { hint: 'It is submitted again.' });
      }
    }
  };
  try {
    return await Promise.race([proofs.bundleOf(job, signal), gone()]);
  } finally {
    ended.abort();
  }
}
