import type { SerializedError } from '../../src/errors/base.js';

/**
 * Whose fault a failure is. `input`: the same input will fail again, wherever. `machine`: this machine lacks something that another may have.
 * `passing`: neither.
 */
export type Fault = 'input' | 'machine' | 'passing';

/** Keys, programs or a disk that the machine lacks. */
const MACHINE: ReadonlySet<string> = new Set([
  'ARTIFACT_MISSING',
  'ARTIFACT_CHANGED',
  'ARTIFACT_OTHER_KEYS',
  'KEY_CHANGED',
  'PROOF_ENGINE_MISSING',
  'QUEUE_ARTIFACT_UNWRITABLE',
  'TASK_MODULE',
]);

/** Domains of errors that say nothing of the input, retryable or not: of the queue, of processes, of proving and what it needs. */
const NOT_OF_THE_INPUT = /^(QUEUE|TASK|CHILD|ENGINE|PROOF|VERIFY|KEY|CIRCUIT|ARTIFACT|STATE|L1)_/;
/** But these do. */
const OF_THE_INPUT: ReadonlySet<string> = new Set(['QUEUE_BAD_REQUEST', 'QUEUE_ARTIFACT_TOO_LARGE']);

/** The one place that says whose fault a failure of a task or job is. */
export function faultOf({ code, retryable }: SerializedError): Fault {
  if (MACHINE.has(code)) return 'machine';
  if (OF_THE_INPUT.has(code)) return 'input';
  return retryable || NOT_OF_THE_INPUT.test(code) ? 'passing' : 'input';
}

/** Whether a failed task goes back to the other machines that work on the queue. */
export function isHandedBack(error: SerializedError, { shared }: { readonly shared: boolean }): boolean {
  return shared && faultOf(error) === 'machine';
}

/** Whether trying again is no use. */
export function isInputFault(error: SerializedError | null): boolean {
  return error !== null && faultOf(error) === 'input';
}
