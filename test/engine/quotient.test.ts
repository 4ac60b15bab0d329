import { buildBn128 } from 'ffjavascript';
import { describe, expect, it } from 'vitest';
import { inverse, mod, R } from '../../src/bus/field.js';
import { Kernel } from '../../src/engine/kernel.js';
import { randomOf, testSeed } from '../helpers/chips/random.js';
import { limbsOf, numbersOf, wordsOf } from '../helpers/kernel.js';

const seed = testSeed();
const kernel = new Kernel();
const { Fr } = await buildBn128(true);

/** The kernel's quotient of values on the domain; `lift` of r is added to every element of a and b. */
function quotient(a: readonly bigint[], b: readonly bigint[], lift = 0n): bigint[] {
  const mark = kernel.mark();
  const log = Math.log2(a.length);
  const elements = [a, b].map((values) => {
    const lifted = values.map((x) => limbsOf(((x << 261n) % R) + lift * R));
    return kernel.put(Buffer.concat(lifted));
  });
  const out = kernel.alloc(32 * a.length);
  const scratch = kernel.alloc(kernel.call.fr_quotient_scratch(log));
  const behind = kernel.put(new Uint8Array(64).fill(165));
  kernel.call.fr_quotient(elements[0]!, elements[1]!, log, out, scratch);
  expect(
    [...kernel.view(behind, 64)].every((x) => x === 165),
    'scratch is enough',
  ).toBe(true);
  const result = numbersOf(kernel.view(out, 32 * a.length));
  kernel.release(mark);
  return result;
}

/** As snarkjs' groth16_prove does it: to coefficients, times powers of a root of twice the order, back; then A B - C. */
async function bySnarkjs(a: readonly bigint[], b: readonly bigint[]): Promise<bigint[]> {
  const log = Math.log2(a.length);
  const onCoset = async (values: readonly bigint[]) => {
    const coefficients = await Fr.ifft(await Fr.batchToMontgomery(wordsOf(values)));
    const shifted = await Fr.batchApplyKey(coefficients, Fr.e(1), Fr.w[log + 1]!);
    return numbersOf(await Fr.batchFromMontgomery(await Fr.fft(shifted)));
  };
  const [x, y, z] = [await onCoset(a), await onCoset(b), await onCoset(a.map((v, i) => (v * b[i]!) % R))];
  return x.map((v, i) => mod(v * y[i]! - z[i]!));
}

/** By the definition: Lagrange's interpolation, evaluated at g w^k. */
function byDefinition(a: readonly bigint[], b: readonly bigint[]): bigint[] {
  const n = a.length;
  const g = Fr.toObject(Fr.w[Math.log2(n) + 1]!);
  const w = (g * g) % R;
  const powers = Array.from({ length: n }, () => 1n);
  for (let i = 1; i < n; i++) powers[i] = (powers[i - 1]! * w) % R;
  const at = (values: readonly bigint[], x: bigint) => {
    const factor = mod((powers.reduce((product) => (product * x) % R, 1n) - 1n) * inverse(BigInt(n)));
    return values.reduce((sum, v, i) => mod(sum + v * powers[i]! * factor * inverse(x - powers[i]!)), 0n);
  };
  const c = a.map((v, i) => (v * b[i]!) % R);
  return powers.map((p) => (g * p) % R).map((x) => mod(at(a, x) * at(b, x) - at(c, x)));
}

function values(n: number, name: string): bigint[] {
  const random = randomOf(seed, name);
  return Array.from({ length: n }, () => (random.int(4) === 0 ? random.pick([0n, 1n, R - 1n]) : random.field()));
}

describe('fr_quotient', () => {
  it.each([1, 2, 3, 4, 5])('is the definition, on 2^%i', (log) => {
    const [a, b] = [values(1 << log, `a ${log}`), values(1 << log, `b ${log}`)];
    expect(quotient(a, b), `DELTAPROOF_SEED=${seed}`).toEqual(byDefinition(a, b));
  });

  it.each([1, 2, 3, 6, 7, 10, 13, 16])("is snarkjs' scalars, on 2^%i", async (log) => {
    const [a, b] = [values(1 << log, `a ${log}`), values(1 << log, `b ${log}`)];
    expect(quotient(a, b), `DELTAPROOF_SEED=${seed}`).toEqual(await bySnarkjs(a, b));
  });

  it('takes elements up to 2 r, all as large as they may be', async () => {
    const n = 1 << 12;
    const largest = new Array<bigint>(n).fill(((1n << 522n) * (R - 1n)) % R);
    for (const a of [largest, new Array<bigint>(n).fill(R - 1n), values(n, 'lifted')]) {
      expect(quotient(a, a, 1n)).toEqual(await bySnarkjs(a, a));
    }
  });

  it('is zero where A B - C is no more than the domain says', () => {
    const constant = new Array<bigint>(64).fill(5n);
    expect(quotient(constant, constant)).toEqual(new Array(64).fill(0n));
  });
});
