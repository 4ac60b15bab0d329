import { buildBn128 } from 'ffjavascript';
import { type Hex, hexToBytes, keccak256, size, slice, toHex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { R } from '../../src/bus/field.js';
import { VerificationError } from '../../src/errors/proof.js';
import type { ProofEngine } from '../../src/proof/engine.js';
import { buildKeySet, type KeySet } from '../../src/proof/keyset.js';
import { encodePart, recordsOf } from '../../src/proof/parts.js';
import { encodeG1, G1, P } from '../../src/proof/points.js';
import { encodeRecords, RECORD_BYTES } from '../../src/proof/record.js';
import type { Bundle, ProofRecord } from '../../src/proof/types.js';
import { fractionOf, verifyProofs } from '../../src/proof/verify.js';
import { wasmEngine } from '../../src/proof/wasm.js';
import { BATCH_HASH, makeBundle, nativeTerms, seeded, testSeed } from '../fixtures/proof/pipeline.js';
import { TEST_CHIPS, TEST_SHAPES } from '../fixtures/test-chips.js';

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

/** The records' bytes of the honest bundle. */
const proofBytes = (): Hex => encodeRecords(records);
/** The bundle with other bytes in place of its records. */
const withProofBytes = (bytes: Hex): Bundle => ({
  ...bundle,
  parts: bundle.parts.with(-1, encodePart('proofs', bytes)),
});

/** L1's word for a bundle: `accepted` or the reason of its refusal. */
async function verdict(changed: Bundle, options: Partial<Parameters<typeof verifyProofs>[0]> = {}): Promise<string> {
  try {
    await verifyProofs({
      bundle: changed,
      batchHash: BATCH_HASH,
      keySet,
      native: (challenge) => fractionOf(nativeTerms(), challenge),
      ...options,
    });
    return 'accepted';
  } catch (error) {
    if (error instanceof VerificationError) return error.reason;
    throw error;
  }
}

const withRecords = (changed: readonly ProofRecord[]): Bundle => withProofBytes(encodeRecords(changed));
const withRecord = (i: number, change: Partial<ProofRecord>): Bundle =>
  withRecords(records.map((record, k) => (k === i ? { ...record, ...change } : record)));

describe('an honest bundle', () => {
  it('is accepted', async () => {
    expect(records.map(({ shape }) => shape)).toEqual([0, 1, 1]);
    expect(await verdict(bundle)).toBe('accepted');
  });

  it('commits to all-zero rows with infinity', () => {
    expect(records[2]!.D).toBe(toHex(0n, { size: 64 }));
    expect(BigInt(records[1]!.D)).not.toBe(0n);
  });
});

describe('what was proven cannot be changed', () => {
  // The challenge moves with every one of these, so the proofs (made for another alpha and beta) fail.
  const changes: [string, () => Bundle][] = [
    ['the tables', () => ({ ...bundle, parts: bundle.parts.with(2, '0x020102') })],
    ['the pre-root', () => ({ ...bundle, preRoot: bundle.preRoot + 1n })],
    ['the value', () => ({ ...bundle, value: bundle.value + 1n })],
    ['the mode', () => ({ ...bundle, mode: 'root', value: 5n })],
    ['the beneficiary', () => ({ ...bundle, beneficiary: `0x${'33'.repeat(20)}` })],
    ['the verifier', () => ({ ...bundle, verifier: `0x${'33'.repeat(20)}` })],
    ['the chain', () => ({ ...bundle, l1ChainId: 1n })],
    ['the order of two proofs of a shape', () => withRecords([records[0]!, records[2]!, records[1]!])],
    ['the number of proofs', () => withRecords(records.slice(0, 2))],
    ['a proof for its twin', () => withRecords([records[0]!, records[1]!, records[1]!])],
    ['a proof put under the other key', () => withRecords([{ ...records[0]!, shape: 1 }, records[1]!, records[2]!])],
    ['a sum', () => withRecord(0, { sum: (records[0]!.sum + 1n) % R })],
    [
      'two sums with the same total',
      () =>
        withRecords([
          { ...records[0]!, sum: (records[0]!.sum + 1n) % R },
          { ...records[1]!, sum: (records[1]!.sum + R - 1n) % R },
          records[2]!,
        ]),
    ],
    ['A for C', () => withRecord(0, { A: records[0]!.C })],
    ['B for that of another proof', () => withRecord(1, { B: records[2]!.B })],
    ['A to infinity', () => withRecord(1, { A: toHex(0n, { size: 64 }) })],
    ['B to infinity', () => withRecord(1, { B: toHex(0n, { size: 128 }) })],
  ];
  it.each(changes)('%s', async (_what, change) => {
    expect(await verdict(change())).toBe('InvalidProof');
  });

  it('where parts end, or how many there are', async () => {
    const [head, items, accounts, proofs] = bundle.parts as [Hex, Hex, Hex, Hex];
    const bytes = proofBytes();
    const cut = [slice(bytes, 0, RECORD_BYTES), slice(bytes, RECORD_BYTES)].map((part) => encodePart('proofs', part));
    const changed: Hex[][] = [
      [head, items, accounts, ...cut],
      [head, items, accounts, ...cut.toReversed()],
      [head, items, proofs],
      [head, items, items, accounts, proofs],
      [head, items, accounts, accounts, proofs],
      [head, `${items}00`, accounts, proofs],
    ];
    for (const parts of changed) expect(await verdict({ ...bundle, parts })).toBe('InvalidProof');
  });

  it('the rules', async () => {
    expect(await verdict({ ...bundle, rulesHash: keccak256('0x01') })).toBe('WrongRules');
  });

  it('the batch', async () => {
    expect(await verdict(bundle, { batchHash: keccak256('0x01') })).toBe('InvalidProof');
  });

  it.each([0, 1, 2])('the commitment of proof %i', async (i) => {
    expect(await verdict(withRecord(i, { D: encodeG1(G1.BASE) }))).toBe('InvalidProof');
    expect(await verdict(withRecord(i, { D: records[(i + 1) % 3]!.D }))).toBe('InvalidProof');
  });

  it('the bus', async () => {
    const without = (challenge: Parameters<typeof fractionOf>[1]) => fractionOf(nativeTerms().slice(1), challenge);
    expect(await verdict(bundle, { native: without })).toBe('BusNotBalanced');
    const doubled = (challenge: Parameters<typeof fractionOf>[1]) =>
      fractionOf([...nativeTerms(), nativeTerms()[0]!], challenge);
    expect(await verdict(bundle, { native: doubled })).toBe('BusNotBalanced');
  });

  it('the key set', async () => {
    expect(await verdict({ ...bundle, keySetHash: keccak256('0x01') })).toBe('WrongKeySet');
  });
});

describe('a bundle whose proofs are in several parts', () => {
  it.each([[[1, 2]], [[2, 1]], [[1, 1, 1]]])('of %j is accepted', async (counts) => {
    const many = await makeBundle(keySet, engine, counts);
    expect(many.parts).toHaveLength(bundle.parts.length - 1 + counts.length);
    expect(await verdict(many)).toBe('accepted');
    // A proof that goes from one part to another: each part is bound by its own place.
    const parts = many.parts.with(-1, many.parts.at(-2)!).with(-2, many.parts.at(-1)!);
    expect(await verdict({ ...many, parts })).toBe('InvalidProof');
    expect(await verdict({ ...many, parts: many.parts.slice(0, -1) })).toBe('InvalidProof');
  });
});

describe('malformed bundles are refused by name', () => {
  const onCurveOutsideTheGroup: Hex = `0x${[0n, 1n].map((x) => x.toString(16).padStart(64, '0')).join('')}${'00'.repeat(64)}`;
  const cases: [string, string, () => Bundle][] = [
    ['no part with proofs', 'NoProofs', () => ({ ...bundle, parts: bundle.parts.slice(0, -1) })],
    ['a part without proofs', 'NoProofs', () => withProofBytes('0x')],
    ['less than a record', 'BadLength', () => withProofBytes(slice(proofBytes(), 0, RECORD_BYTES - 1))],
    ['a byte too many', 'BadLength', () => withProofBytes(`${proofBytes()}00`)],
    ['a byte too few', 'BadLength', () => withProofBytes(slice(proofBytes(), 0, 3 * RECORD_BYTES - 1))],
    ['shapes that descend', 'ShapesNotSorted', () => withRecords([records[1]!, records[0]!])],
    ['a shape that is not there', 'UnknownShape', () => withRecord(2, { shape: 2 })],
    ['shape 255', 'UnknownShape', () => withRecord(2, { shape: 255 })],
    ['a sum of r', 'SumNotCanonical', () => withRecord(0, { sum: R })],
    ['a sum plus r', 'SumNotCanonical', () => withRecord(1, { sum: records[1]!.sum + R })],
    ['a pre-root of r', 'RootNotCanonical', () => ({ ...bundle, preRoot: R })],
    ['a post-root of r', 'RootNotCanonical', () => ({ ...bundle, mode: 'root', value: R })],
    ['A not on the curve', 'PointNotOnCurve', () => withRecord(0, { A: toHex(1n, { size: 64 }) })],
    ['D not on the curve', 'PointNotOnCurve', () => withRecord(1, { D: toHex(1n, { size: 64 }) })],
    ['C not on the curve', 'PointNotOnCurve', () => withRecord(2, { C: toHex(1n, { size: 64 }) })],
    [
      'a coordinate plus p',
      'PointNotOnCurve',
      () => {
        const { A } = records[0]!;
        const x = BigInt(A.slice(0, 66)) + P;
        return withRecord(0, { A: `${toHex(x, { size: 32 })}${A.slice(66)}` as Hex });
      },
    ],
    ['B not on the curve', 'BadG2Point', () => withRecord(0, { B: onCurveOutsideTheGroup })],
    [
      'a coordinate of B plus p',
      'BadG2Point',
      () => {
        const { B } = records[0]!;
        const x = BigInt(B.slice(0, 66)) + P;
        return withRecord(0, { B: `${toHex(x, { size: 32 })}${B.slice(66)}` as Hex });
      },
    ],
  ];
  it.each(cases)('%s: %s', async (_what, reason, change) => {
    expect(await verdict(change())).toBe(reason);
  });

  it('B on the curve but outside the group of order r', async () => {
    expect(await verdict(withRecord(0, { B: await pointOutsideTheGroup() }))).toBe('BadG2Point');
  });

  it('a fingerprint of 0 on L1', async () => {
    expect(await verdict(bundle, { native: () => ({ num: 0n, den: 0n }) })).toBe('ZeroFingerprint');
  });
});

/** A point of the twist outside G2: x = 1, 2, ... until x^3 + b is a square; almost no such point has order r. */
async function pointOutsideTheGroup(): Promise<Hex> {
  const curve = await buildBn128(true);
  const F = curve.G2.F;
  for (let i = 1n; ; i++) {
    const x = F.fromObject([i, 0n]);
    const rhs = F.add(F.mul(F.square(x), x), curve.G2.b);
    if (!F.isSquare(rhs)) continue;
    const [[x0, x1], [y0, y1]] = [x, F.sqrt(rhs)].map((z) => F.toObject(z)) as [[bigint, bigint], [bigint, bigint]];
    const bytes = [x1, x0, y1, y0].map((z) => z.toString(16).padStart(64, '0')).join('');
    expect(
      curve.G2.isValid(
        curve.G2.fromObject([
          [x0, x1],
          [y0, y1],
          [1n, 0n],
        ]),
      ),
    ).toBe(true);
    return `0x${bytes}`;
  }
}

describe('byte flips', () => {
  it('500 seeded flips of one bit are all refused, by name', async () => {
    const seed = testSeed();
    const random = seeded(seed);
    const reasons = new Map<string, number>();
    for (let k = 0; k < 500; k++) {
      const bytes = hexToBytes(proofBytes());
      const at = random(bytes.length);
      const bit = random(8);
      bytes[at]! ^= 1 << bit;
      const reason = await verdict(withProofBytes(toHex(bytes)));
      expect(reason, `byte ${at}, bit ${bit}, seed ${seed}`).not.toBe('accepted');
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    console.log(`byte flips, seed ${seed}: ${JSON.stringify(Object.fromEntries(reasons))}`);
    expect([...reasons.keys()]).toEqual(expect.arrayContaining(['PointNotOnCurve', 'BadG2Point', 'InvalidProof']));
    expect(size(proofBytes())).toBe(3 * RECORD_BYTES);
  });
});
