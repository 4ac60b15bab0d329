import { expect, it } from 'vitest';
import { faultOf, isInputFault } from '../../prover/queue/failures.js';

const error = (code: string, retryable = false) => ({ name: 'Error', code, message: '', retryable });

it('says in one place whose fault a failure is', () => {
  const faults = {
    input: ['TRACE_STATE_DIFFERS', 'BATCH_FILE_FIELD', 'EXECUTION_VM_DISAGREES', 'TRIE_WRONG_PRE', 'QUEUE_BAD_REQUEST'],
    machine: ['ARTIFACT_OTHER_KEYS', 'ARTIFACT_CHANGED', 'PROOF_ENGINE_MISSING', 'QUEUE_ARTIFACT_UNWRITABLE'],
    passing: [
      'TASK_LOST',
      'TASK_CRASHED',
      'QUEUE_DEADLINE',
      'PROOF_SELF_CHECK',
      'VERIFY_INVALID_PROOF',
      'ENGINE_MEMORY',
    ],
  };
  for (const [fault, codes] of Object.entries(faults)) {
    expect(codes.map((code) => [code, faultOf(error(code))])).toEqual(codes.map((code) => [code, fault]));
  }
  expect(faultOf(error('BATCH_ANY', true))).toBe('passing');
  expect(isInputFault(null)).toBe(false);
});
