import { describe, expect, it } from 'vitest';
import { contentHash, type JsonValue } from '../../prover/queue/json.js';
import { proofPipeline } from '../../prover/queue/proof-pipeline.js';
import type { TaskSpec } from '../../prover/queue/types.js';

const request = { batch: '7' };

/** Runs a pipeline to its end with invented results; yields the tasks of each round. */
function walk(version: string, parts: readonly JsonValue[]): { rounds: TaskSpec[][]; done: string } {
  const results = new Map<string, JsonValue>();
  const rounds: TaskSpec[][] = [];
  for (;;) {
    const step = proofPipeline({ version }).next({ request, results });
    if ('done' in step) return { rounds, done: step.done };
    rounds.push([...step.tasks]);
    for (const task of step.tasks) results.set(task.key, resultOf(task, parts));
  }
}

function resultOf({ stage, payload }: TaskSpec, parts: readonly JsonValue[]): JsonValue {
  if (stage === 'trace') return { parts, shared: 's' };
  if (stage === 'bundle') return { bundle: 'hash' };
  return { [stage]: (payload as { part: JsonValue }).part };
}

describe('proofPipeline', () => {
  it('goes trace, commit × n, prove × n with every commitment, bundle', () => {
    const { rounds, done } = walk('1', ['p', 'q']);
    expect(rounds.map((tasks) => tasks.map(({ stage }) => stage))).toEqual([
      ['trace'],
      ['commit', 'commit'],
      ['prove', 'prove'],
      ['bundle'],
    ]);
    const commitments = contentHash([{ commit: 'p' }, { commit: 'q' }]);
    expect(rounds[2]!.map(({ payload }) => payload)).toEqual([
      { shared: 's', part: 'p', index: 0, commitments },
      { shared: 's', part: 'q', index: 1, commitments },
    ]);
    const proofs = contentHash([{ prove: 'p' }, { prove: 'q' }]);
    expect(rounds[3]![0]!.payload).toEqual({ shared: 's', count: 2, commitments, proofs });
    expect(done).toBe('hash');
  });

  it('names tasks by version and content', () => {
    const keys = (version: string, parts: string[]) =>
      walk(version, parts).rounds.map((tasks) => tasks.map(({ key }) => key));
    expect(keys('1', ['p', 'q'])).toEqual(keys('1', ['p', 'q']));
    const [one, two, other] = [keys('1', ['p', 'q']), keys('2', ['p', 'q']), keys('1', ['p', 'r'])];
    expect(new Set([...one.flat(), ...two.flat()]).size).toBe(one.flat().length * 2);
    // The same part has the same commitment in another set; its proof depends on the whole set.
    expect(one[1]![0]).toBe(other[1]![0]);
    expect(one[2]![0]).not.toBe(other[2]![0]);
  });

  it('refuses results it does not understand', () => {
    expect(() => walk('1', [])).toThrow(expect.objectContaining({ code: 'QUEUE_PIPELINE' }));
  });
});
