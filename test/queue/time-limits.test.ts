import type { Hex } from 'viem';
import { describe, expect, it } from 'vitest';
import { mostWork, timeLimit } from '../../prover/proving/durations.js';
import type { JsonValue } from '../../prover/queue/json.js';
import { proofPipeline } from '../../prover/queue/proof-pipeline.js';
import { RULES_V2 } from '../../src/batch/rules.js';
import { privateKeyOf, signTransaction } from '../../src/batch/sign.js';
import { parseTransaction } from '../../src/batch/transaction.js';
import type { Batch, ParsedTx, Rules } from '../../src/batch/types.js';
import { plainFields } from '../helpers/transactions.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const trace = (work: string) => timeLimit('trace', { request: { work } });
const proof = (stage: string, constraints: number) => timeLimit(stage, { part: { constraints } });

describe('the time limit of a task', () => {
  it('follows the work of a batch, the constraints of a shape and the number of proofs', () => {
    for (const stage of ['commit', 'prove']) expect(proof(stage, 2 ** 19)).toBeGreaterThan(proof(stage, 2 ** 16));
    expect(trace('640000000')).toBeGreaterThan(trace('60000000'));
    const bundle = (proofs: number) => timeLimit('bundle', { count: proofs });
    expect(bundle(2_500)).toBeGreaterThan(bundle(1));
  });

  it('lets a trace of 640M work take an hour, and a bulk shape be built before its first proof', () => {
    expect(trace('640000000')).toBeGreaterThan(HOUR);
    for (const stage of ['commit', 'prove']) expect(proof(stage, 2 ** 18)).toBeGreaterThan(45 * MINUTE);
  });

  it('ends a small task that hangs in half an hour, and any within a day', () => {
    expect(trace('1000000')).toBeLessThan(40 * MINUTE);
    expect(trace((2n ** 48n).toString())).toBe(24 * HOUR);
    expect(timeLimit('challenge', null)).toBe(30 * MINUTE);
    // Queued by a version that did not say its size: not at once, not never.
    expect(timeLimit('trace', { request: {} })).toBe(30 * MINUTE);
  });

  it('stands in every task of a proof job', () => {
    const pipeline = proofPipeline({ version: '1', timeLimit });
    const results = new Map<string, JsonValue>();
    const seen: string[] = [];
    for (;;) {
      const step = pipeline.next({ request: { work: '640000000' }, results });
      if ('done' in step) break;
      for (const { key, stage, payload, timeoutMs } of step.tasks) {
        seen.push(stage);
        expect(timeoutMs, stage).toBe(timeLimit(stage, payload));
        const made: Record<string, JsonValue> = {
          trace: { parts: [{ constraints: 2 ** 18 }], shared: null },
          bundle: { bundle: 'b' },
        };
        results.set(key, made[stage] ?? stage);
      }
    }
    expect(new Set(seen)).toEqual(new Set(pipeline.stages));
  });
});

describe('the most work of a batch', () => {
  const batchOf = (txs: readonly Hex[], rules: Rules) => mostWork({ batch: { txs } as Batch, rules });

  it('is what its items use and reserve, within the budget', async () => {
    const sign = (nonce: bigint, gasLimit: bigint) =>
      signTransaction(plainFields({ nonce, gasLimit }), privateKeyOf('limits', 0));
    const [small, large] = [await sign(0n, 21_000n), await sign(1n, 100_000n)];
    const workOf = (raw: Hex) => {
      const { use, reserve } = parseTransaction(raw, RULES_V2) as ParsedTx;
      return use + reserve;
    };
    const bad = parseTransaction('0x1234', RULES_V2).use;
    expect(batchOf([], RULES_V2)).toBe(0n);
    expect(batchOf([small, '0x1234', large], RULES_V2)).toBe(workOf(small) + workOf(large) + bad);
    const tight = { ...RULES_V2, workBudget: workOf(small) + 1n };
    expect(batchOf([small, large], tight)).toBe(tight.workBudget);
  });
});
