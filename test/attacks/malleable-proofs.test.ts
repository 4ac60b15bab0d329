import type { Bytes } from 'ffjavascript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VerificationError } from '../../src/errors/proof.js';
import { type ProofEngine, snarkjsEngine } from '../../src/proof/engine.js';
import { proofsHold } from '../../src/proof/equation.js';
import { buildKeySet, type KeySet } from '../../src/proof/keyset.js';
import { recordsOf } from '../../src/proof/parts.js';
import { bn254, decodeG1, decodeG2, encodeG1, encodeG2 } from '../../src/proof/points.js';
import { encodeRecord } from '../../src/proof/record.js';
import type { Bundle, ProofRecord } from '../../src/proof/types.js';
import { fractionOf, transcriptOf, verifyProofs } from '../../src/proof/verify.js';
import { BATCH_HASH, makeBundle, nativeTerms } from '../fixtures/proof/pipeline.js';
import { TEST_CHIPS, TEST_SHAPES } from '../fixtures/test-chips.js';
import { proven } from '../helpers/bundles.js';

let keySet: KeySet;
let engine: ProofEngine;
let bundle: Bundle;
let records: ProofRecord[];
beforeAll(async () => {
  keySet = await buildKeySet('tiny', { chips: TEST_CHIPS, shapes: TEST_SHAPES });
  engine = snarkjsEngine();
  bundle = await makeBundle(keySet, engine);
  records = recordsOf(bundle.parts);
});
afterAll(() => engine.close());

const ETA = 123_456_789n;

/** The first proof with B shifted by ETA times one of its key's trapdoors, and what that trapdoor is paired with by ETA times A. */
async function shifted(trapdoor: 'gamma2' | 'delta'): Promise<ProofRecord> {
  const curve = await bn254();
  const { G1, G2 } = curve;
  const record = records[0]!;
  const point = (name: 'A' | 'C' | 'D'): Bytes => decodeG1(curve, record[name])!;
  const base = decodeG2(curve, keySet.shapes[record.shape]!.key[trapdoor])!;
  const B = encodeG2(curve, G2.add(decodeG2(curve, record.B)!, G2.timesScalar(base, ETA)));
  const paired = trapdoor === 'delta' ? 'C' : 'D';
  return { ...record, B, [paired]: encodeG1(curve, G1.add(point(paired), G1.timesScalar(point('A'), ETA))) };
}

/** Whether the first proof alone satisfies the equation under the challenge of the honest bundle. */
async function holds({ shape, sum, A, B, C, D }: ProofRecord): Promise<boolean> {
  const curve = await bn254();
  const { challenge } = transcriptOf(bundle, BATCH_HASH);
  const g1 = (point: ProofRecord['A']) => decodeG1(curve, point)!;
  const proof = { shape, sum, A: g1(A), B: decodeG2(curve, B)!, C: g1(C), D: g1(D) };
  return proofsHold(curve, keySet, [proof], challenge, 7n);
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
    const curve = await bn254();
    const { G1, G2 } = curve;
    const [record, foreign] = [records[0]!, keySet.shapes[1]!.key];
    const B = G2.add(decodeG2(curve, record.B)!, G2.timesScalar(decodeG2(curve, foreign.gamma2)!, ETA));
    const D = G1.add(decodeG1(curve, record.D)!, G1.timesScalar(decodeG1(curve, record.A)!, ETA));
    expect(await holds({ ...record, B: encodeG2(curve, B), D: encodeG1(curve, D) })).toBe(false);
  });
});
