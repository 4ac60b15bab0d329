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

/** Not to be retried at once, and yet not the fault of the input. */
const PASSING: ReadonlySet<string> = new Set([
  'CHILD_DIED',
  'ENGINE_MEMORY',
  'ENGINE_STOPPED',
  'PROOF_SELF_CHECK',
  'QUEUE_DEADLINE',
  'TASK_LOST',
]);

/** The one place that says whose fault a failure of a task or job is. */
export function faultOf({ code, retryable }: SerializedError): Fault {
  if (MACHINE.has(code)) return 'machine';
  return retryable || PASSING.has(code) ? 'passing' : 'input';
}

/** Whether trying again is no use. */
export function isInputFault(error: SerializedError | null): boolean {
  return error !== null && faultOf(error) === 'input';
}
