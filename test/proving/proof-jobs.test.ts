import { describe, expect, it } from 'vitest';
import { isWrongInput, type ProofJobEvent, proveUntilDone } from '../../prover/proving/proof-jobs.js';
import type { ProofTarget, ProvenBundle } from '../../prover/proving/service.js';
import { ForeignError, QueueError } from '../../src/errors/queue.js';
import { TraceError } from '../../src/errors/trace.js';
import type { BatchRequest } from '../../src/trace/request.js';

const request = {} as BatchRequest;
const target = {} as ProofTarget;
const made = { text: 'made' } as ProvenBundle;
const QUICK = { pauseMs: 1, longestMs: 4, lookMs: 20 };

const crashed = new ForeignError({ name: 'TaskError', code: 'TASK_CRASHED', message: 'killed', retryable: true });
const noKeys = new ForeignError({
  name: 'ArtifactError',
  code: 'ARTIFACT_MISSING',
  message: 'no keys',
  retryable: false,
});

/** A queue whose jobs end as `ends` says, one after the other; `undefined` never ends. */
function queueOf(ends: readonly (Error | ProvenBundle | undefined)[]) {
  const left = [...ends];
  const log: string[] = [];
  let there = true;
  const proofs = {
    submit: async () => {
      log.push('submit');
      there = true;
      return 'job';
    },
    bundleOf: (_id: string, signal?: AbortSignal): Promise<ProvenBundle> => {
      const end = left.shift();
      if (end instanceof Error) return Promise.reject(end);
      if (end !== undefined) return Promise.resolve(end);
      there = false;
      return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    },
    again: async (_id: string, { fresh = false } = {}) => {
      log.push(fresh ? 'fresh' : 'again');
    },
    isThere: async () => there,
  };
  return { proofs, log };
}

describe('a proof that a game needs', () => {
  it('is tried again after every failure of a machine, with an alarm, until it is made', async () => {
    const { proofs, log } = queueOf([crashed, crashed, noKeys, crashed, made]);
    const events: ProofJobEvent[] = [];
    expect(await proveUntilDone(proofs, request, target, { ...QUICK, tell: (e) => events.push(e) })).toBe(made);
    expect(log.filter((what) => what !== 'submit')).toEqual(['again', 'again', 'again', 'fresh']);
    const failed = events.filter((event) => event.type === 'proofFailed');
    expect(failed.map(({ lastHour, pauseMs, alarm }) => [lastHour, pauseMs, alarm])).toEqual([
      [1, 1, false],
      [2, 2, false],
      [3, 4, true],
      [4, 4, true],
    ]);
    expect(events.filter(({ type }) => type === 'proving')).toHaveLength(1);
  });

  it('is submitted again when the queue has lost its job without a word', async () => {
    const { proofs, log } = queueOf([undefined, made]);
    const events: ProofJobEvent[] = [];
    expect(await proveUntilDone(proofs, request, target, { ...QUICK, tell: (e) => events.push(e) })).toBe(made);
    expect(log.filter((what) => what === 'submit')).toHaveLength(2);
    expect(events).toContainEqual(expect.objectContaining({ type: 'proofFailed', code: 'QUEUE_JOB_UNKNOWN' }));
  });

  it('is given up when its failure says that the input is wrong', async () => {
    const wrong = new TraceError('TRACE_NO_SHAPE', 'no shape');
    const { proofs, log } = queueOf([wrong]);
    await expect(proveUntilDone(proofs, request, target, QUICK)).rejects.toBe(wrong);
    expect(log).toEqual(['submit']);
  });

  it('is waited for no longer than it is needed', async () => {
    const stop = new AbortController();
    const { proofs } = queueOf([crashed, crashed]);
    const options = { pauseMs: 60_000, signal: stop.signal, tell: () => stop.abort(new Error('stopped')) };
    await expect(proveUntilDone(proofs, request, target, options)).rejects.toThrow();
  });
});

it('only what cannot become right is a wrong input', () => {
  expect(isWrongInput(new TraceError('TRACE_NO_SHAPE', 'x'))).toBe(true);
  expect(isWrongInput(crashed)).toBe(false);
  expect(isWrongInput(noKeys)).toBe(false);
  expect(isWrongInput(new QueueError('QUEUE_JOB_CANCELLED', 'x'))).toBe(false);
  expect(isWrongInput(new Error('x'))).toBe(false);
});
