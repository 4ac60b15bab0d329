import { expect, it } from 'vitest';
import { type R1cs, TERM } from '../../src/build/r1cs.js';
import { inverse, mod, R } from '../../src/bus/field.js';
import { Kernel } from '../../src/engine/kernel.js';
import { Qap, type Scalars } from '../../src/proof/setup/qap.js';
import { randomOf, testSeed } from '../helpers/chips/random.js';
import { numbersOf, wordsOf } from '../helpers/kernel.js';

const seed = testSeed();
const kernel = new Kernel();

type Row = readonly (readonly [wire: number, coefficient: bigint])[];

function bytesOf(rows: readonly Row[]): Buffer {
  return Buffer.concat(
    rows.map((row) => {
      const bytes = Buffer.alloc(4 + TERM * row.length);
      bytes.writeUInt32LE(row.length);
      row.forEach(([wire, coefficient], i) => {
        bytes.writeUInt32LE(wire, 4 + TERM * i);
        bytes.set(wordsOf([coefficient]), 8 + TERM * i);
      });
      return bytes;
    }),
  );
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let b = base, e = exponent; e > 0n; e >>= 1n, b = (b * b) % R) if (e & 1n) result = (result * b) % R;
  return result;
}

/** L_i(tau) as a product over the other roots of unity. */
function lagrange(log: number, i: number, tau: bigint): bigint {
  const w = power(5n, (R - 1n) >> BigInt(log));
  const at = power(w, BigInt(i));
  let [above, below] = [1n, 1n];
  for (let k = 0, x = 1n; k < 1 << log; k++, x = (x * w) % R) {
    if (k === i) continue;
    above = mod(above * (tau - x));
    below = mod(below * (at - x));
  }
  return (above * inverse(below)) % R;
}

function read({ at, count }: Scalars): bigint[] {
  return numbersOf(kernel.view(at, 32 * count));
}

it('is what its definition says', () => {
  const random = randomOf(seed, 'qap');
  const [wires, constraints, publics] = [9, 11, 2];
  const coefficient = () => random.pick([1n, R - 1n, 2n, R - 2n, random.field(), 0n, 1n << 64n]);
  const row = () => Array.from({ length: random.int(5) }, () => [random.int(wires), coefficient()] as const);
  const rows = Array.from({ length: 3 * constraints }, row);
  const r1cs: R1cs = { wires, publics, privateInputs: 0, constraints, bytes: bytesOf(rows) };
  const [tau, alpha, beta, factor] = [random.field(), random.field(), random.field(), random.field()];
  const qap = new Qap(kernel, r1cs, tau);
  expect(qap.power).toBe(4);

  const expected = [0, 1, 2].map((matrix) => {
    const values = new Array<bigint>(wires).fill(0n);
    for (let c = 0; c < constraints; c++) {
      for (const [wire, k] of rows[3 * c + matrix]!) values[wire] = mod(values[wire]! + k * lagrange(4, c, tau));
    }
    if (matrix === 0)
      for (let i = 0; i <= publics; i++) values[i] = mod(values[i]! + lagrange(4, constraints + i, tau));
    return values;
  });
  const [a, b, c] = expected as [bigint[], bigint[], bigint[]];
  const where = `DELTAPROOF_SEED=${seed}`;
  expect(read(qap.a()), where).toEqual(a);
  expect(read(qap.b()), where).toEqual(b);
  const combined = a.map((x, i) => mod((beta * x + alpha * b[i]! + c[i]!) * factor));
  expect(read(qap.combined({ alpha, beta }, 0, wires, factor)), where).toEqual(combined);
  expect(read(qap.combined({ alpha, beta }, 3, 7, factor)), where).toEqual(combined.slice(3, 7));
  const odd = Array.from({ length: 16 }, (_, i) => (lagrange(5, 2 * i + 1, tau) * factor) % R);
  expect(read(qap.h(factor)), where).toEqual(odd);
});
