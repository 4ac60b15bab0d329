import { ecrecover } from '@ethereumjs/util';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak256 } from 'viem';
import { expect, it } from 'vitest';
import { bigintToBytes, bytesToBigint } from '../../src/batch/bytes.js';
import { recoverSender } from '../../src/batch/recover.js';
import { SeededRandom } from '../../src/samples/random.js';
import { testSeed } from '../helpers/chips/random.js';

const { Fn, Fp, BASE } = secp256k1.Point;
const N = Fn.ORDER;

interface Case {
  readonly hash: Uint8Array;
  readonly yParity: 0 | 1;
  readonly r: bigint;
  readonly s: bigint;
}

/** By the JavaScript of @noble/curves, which shares nothing with what is tested. */
function senderByNoble({ hash, yParity, r, s }: Case): string | undefined {
  try {
    const key = ecrecover(hash, BigInt(yParity), bigintToBytes(r, 32), bigintToBytes(s, 32));
    return `0x${keccak256(key).slice(26)}`;
  } catch {
    return undefined;
  }
}

const recover = ({ hash, yParity, r, s }: Case) => recoverSender(hash, yParity, r, s);

/** A signature of `z` whose nonce is known: R = k·G, and s as it is asked for. */
function withNonce(z: bigint, k: bigint, s: (kInverse: bigint) => bigint): Case {
  const { x, y } = BASE.multiply(k).toAffine();
  return { hash: bigintToBytes(z, 32), yParity: (y & 1n) === 0n ? 0 : 1, r: x % N, s: Fn.create(s(Fn.inv(k))) };
}

it('recovers every sender as @noble/curves does, at the edges of the ranges too', () => {
  const edges = [0n, 1n, 2n, N / 2n, N / 2n + 1n, N - 1n, N, N + 1n, Fp.ORDER - 1n, Fp.ORDER, 2n ** 256n - 1n, BASE.x];
  const hashes = [0n, 1n, N - 1n, N, N + 1n, 2n ** 256n - 1n].map((hash) => bigintToBytes(hash, 32));
  let answers = 0;
  for (const hash of hashes) {
    for (const r of edges) {
      for (const s of edges) {
        for (const yParity of [0, 1] as const) {
          const expected = senderByNoble({ hash, yParity, r, s });
          expect(recover({ hash, yParity, r, s }), `hash ${bytesToBigint(hash)}, ${yParity}, ${r}, ${s}`).toBe(
            expected,
          );
          if (expected !== undefined) answers++;
        }
      }
    }
  }
  expect(answers).toBeGreaterThan(300);
});

it('recovers every sender as @noble/curves does, for random signatures, again and in another order', () => {
  const seed = testSeed();
  console.log(`recover: DELTAPROOF_SEED=${seed}`);
  const random = new SeededRandom(`recover ${seed}`);
  const scalar = () => (random.bits(256) % (N - 1n)) + 1n;
  const cases = Array.from({ length: 3_000 }, (_, i): Case => {
    const hash = random.bytes(32);
    if (i % 2 === 0) return { hash, yParity: random.pick([0, 1]), r: scalar(), s: scalar() };
    const key = scalar();
    const z = bytesToBigint(hash);
    const { x } = BASE.multiply(scalar()).toAffine();
    return i % 4 === 1
      ? withNonce(z, scalar(), (kInverse) => kInverse * (z + key))
      : { hash, yParity: random.pick([0, 1]), r: x % N, s: scalar() };
  });
  const expected = cases.map(senderByNoble);
  expect(expected.filter((sender) => sender === undefined).length).toBeGreaterThan(500);
  expect(cases.map(recover), `seed ${seed}`).toEqual(expected);
  for (const i of random.shuffle(cases.map((_, i) => i))) expect(recover(cases[i]!), `seed ${seed}`).toBe(expected[i]);
});

it('adds equal points, and finds no sender at infinity', () => {
  for (let k = 1n; k <= 20n; k++) {
    const z = 1_000n + k;
    const opposite = withNonce(z, k, (kInverse) => kInverse * z);
    expect(recover(opposite)).toBeUndefined();
    expect(senderByNoble(opposite)).toBeUndefined();
    const equal = withNonce(z, k, (kInverse) => -kInverse * z);
    expect(recover(equal)).toBe(senderByNoble(equal));
    expect(recover(equal)).toMatch(/^0x[0-9a-f]{40}$/);
  }
});

it('tells signatures apart that differ in one part alone', () => {
  const one = withNonce(7n, 5n, (kInverse) => kInverse * 9n);
  const others: Case[] = [
    { ...one, hash: bigintToBytes(8n, 32) },
    { ...one, yParity: one.yParity === 0 ? 1 : 0 },
    { ...one, r: BASE.multiply(6n).toAffine().x },
    { ...one, s: one.s - 1n },
  ];
  const senders = [one, ...others].map(recover);
  expect(new Set(senders).size).toBe(5);
  expect([one, ...others].map(senderByNoble)).toEqual(senders);
});
