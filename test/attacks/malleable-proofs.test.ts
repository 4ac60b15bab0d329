import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VerificationError } from '../../src/errors/proof.js';
import type { ProofEngine } from '../../src/proof/engine.js';
import { proofsHold } from '../../src/proof/equation.js';
import { buildKeySet, type KeySet } from '../../src/proof/keyset.js';
import { recordsOf } from '../../src/proof/parts.js';
import { decodeG1, decodeG2, encodeG1, encodeG2 } from '../../src/proof/points.js';
import { encodeRecord } from '../../src/proof/record.js';
import type { Bundle, ProofRecord } from '../../src/proof/types.js';
import { fractionOf, transcriptOf, verifyProofs } from '../../src/proof/verify.js';
import { wasmEngine } from '../../src/proof/wasm.js';
import { BATCH_HASH, makeBundle, nativeTerms } from '../fixtures/proof/pipeline.js';
import { TEST_CHIPS, TEST_SHAPES } from '../fixtures/test-chips.js';
import { proven } from '../helpers/bundles.js';

let keySet: KeySet;
let engine: ProofEngine;
let bundle: Bundle;
let records: ProofRecord[];
beforeAll(async () => {
  keySet = await buildKeySet('tiny', { chips: TEST_CHIPS, shapes: TEST_SHAPES });
  engine = wasmEngine();
  bundle = await makeBundle(keySet, engine);
  records = recordsOf(bundle.parts);
});
afterAll(() => engine.close());

const ETA = 123_456_789n;

/** The first proof with B shifted by ETA times one of its key's trapdoors, and what that trapdoor is paired with by ETA times A. */
async function shifted(trapdoor: 'gamma2' | 'delta'): Promise<ProofRecord> {
  const record = records[0]!;
  const point = (name: 'A' | 'C' | 'D') => decodeG1(record[name])!;
  const base = decodeG2(keySet.shapes[record.shape]!.key[trapdoor])!;
  const B = encodeG2(decodeG2(record.B)!.add(base.multiply(ETA)));
  const paired = trapdoor === 'delta' ? 'C' : 'D';
  return { ...record, B, [paired]: encodeG1(point(paired).add(point('A').multiply(ETA))) };
}

/** Whether the first proof alone satisfies the equation under the challenge of the honest bundle. */
async function holds({ shape, sum, A, B, C, D }: ProofRecord): Promise<boolean> {
  const { challenge } = transcriptOf(bundle, BATCH_HASH);
  const g1 = (point: ProofRecord['A']) => decodeG1(point)!;
  const proof = { shape, sum, A: g1(A), B: decodeG2(B)!, C: g1(C), D: g1(D) };
  return proofsHold(keySet, [proof], challenge, 7n);
}

async function verdict(first: ProofRecord): Promise<string> {
  try {
    await verifyProofs({
      bundle: proven(bundle, [first, ...records.slice(1)].map(encodeRecord)),
      batchHash: BATCH_HASH,
      keySet,
      native: (challenge) => fractionOf(nativeTerms(), challenge),
    });
    return 'accepted';
  } catch (error) {
    if (error instanceof VerificationError) return error.reason;
    throw error;
  }
}

/** Anybody can make another proof of the same statement from a proof. That must change neither rows nor payee. */
describe('a proof shifted along a trapdoor', () => {
  it('of the commitment satisfies the equation, but names another D: a challenge later', async () => {
    const other = await shifted('gamma2');
    expect(other.D).not.toBe(records[0]!.D);
    expect(await holds(other)).toBe(true);
    // Barrier: D is in the transcript.
    expect(await verdict(other)).toBe('InvalidProof');
  });

  it('of the rest is another proof for the same rows and the same payee, as with every Groth16 proof', async () => {
    const other = await shifted('delta');
    expect(other.D).toBe(records[0]!.D);
    expect(await holds(other)).toBe(true);
    expect(await verdict(other)).toBe('accepted');
  });

  it('of another shape does not even satisfy the equation', async () => {
    const [record, foreign] = [records[0]!, keySet.shapes[1]!.key];
    const B = decodeG2(record.B)!.add(decodeG2(foreign.gamma2)!.multiply(ETA));
    const D = decodeG1(record.D)!.add(decodeG1(record.A)!.multiply(ETA));
    expect(await holds({ ...record, B: encodeG2(B), D: encodeG1(D) })).toBe(false);
  });
});
