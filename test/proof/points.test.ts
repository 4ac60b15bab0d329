import { buildBn128, type Curve } from 'ffjavascript';
import { concat, type Hex, toHex } from 'viem';
import { beforeAll, describe, expect, it } from 'vitest';
import { R } from '../../src/bus/field.js';
import {
  decodeG1,
  decodeG2,
  encodeG1,
  encodeG2,
  G1,
  G2,
  g1FromMontgomery,
  g1FromSnarkjs,
  g2FromMontgomery,
  g2FromSnarkjs,
  negateG2,
  ONE_G1,
  ONE_G2,
  P,
  pairingsCancel,
} from '../../src/proof/points.js';
import { outsideSubgroup } from '../helpers/curve-points.js';

/* The points of keys and proofs, against ffjavascript's. */
let curve: Curve;
beforeAll(async () => {
  curve = await buildBn128(true);
});

const SCALARS = [1n, 2n, 3n, 12_345n, 2n ** 128n + 1n, R - 2n, R - 1n];
const words = (...values: bigint[]): Hex => concat(values.map((value) => toHex(value, { size: 32 })));

describe("a point of the other library's bytes", () => {
  it.each(SCALARS)('is the same point: %s', (k) => {
    const [p, q] = [curve.G1.timesScalar(curve.G1.g, k), curve.G2.timesScalar(curve.G2.g, k)];
    const [one, two] = [g1FromMontgomery(curve.G1.toAffine(p)), g2FromMontgomery(curve.G2.toAffine(q))];
    expect(one).toBe(encodeG1(G1.BASE.multiply(k)));
    expect(two).toBe(encodeG2(G2.BASE.multiply(k)));
    const [x, y] = curve.G1.toObject(curve.G1.toAffine(p)) as [bigint, bigint];
    expect(g1FromSnarkjs([`${x}`, `${y}`, '1'])).toBe(one);
    const pair = curve.G2.toObject(curve.G2.toAffine(q)) as [[bigint, bigint], [bigint, bigint]];
    expect(g2FromSnarkjs([...pair.slice(0, 2).map((part) => part.map(String)), ['1', '0']])).toBe(two);
    expect(negateG2(two)).toBe(encodeG2(G2.BASE.multiply(k).negate()));
    expect(encodeG1(decodeG1(one)!)).toBe(one);
    expect(encodeG2(decodeG2(two)!)).toBe(two);
  });

  it('is zeros for infinity, which snarkjs writes as (0, 1, 0)', () => {
    const [zero1, zero2] = [words(0n, 0n), words(0n, 0n, 0n, 0n)];
    expect(g1FromMontgomery(curve.G1.toAffine(curve.G1.zero))).toBe(zero1);
    expect(g2FromMontgomery(curve.G2.toAffine(curve.G2.zero))).toBe(zero2);
    expect(g1FromSnarkjs(['0', '1', '0'])).toBe(zero1);
    expect(
      g2FromSnarkjs([
        ['0', '0'],
        ['1', '0'],
        ['0', '0'],
      ]),
    ).toBe(zero2);
    expect(encodeG1(decodeG1(zero1)!)).toBe(zero1);
    expect(encodeG2(decodeG2(zero2)!)).toBe(zero2);
    expect(negateG2(zero2)).toBe(zero2);
  });
});

describe('decoding refuses', () => {
  const [x, y] = [1n, 2n];
  const g1: [string, Hex][] = [
    ['what is not on the curve', words(1n, 1n)],
    ['x = 0', words(0n, 1n)],
    ['y = 0', words(1n, 0n)],
    ['x + p', words(x + P, y)],
    ['y + p', words(x, y + P)],
    ['p for 0', words(P, P)],
    ['a word too few', words(x)],
    ['a byte too many', `${words(x, y)}00`],
  ];
  it.each(g1)('of G1 %s', (_what, bytes) => {
    expect(decodeG1(bytes)).toBeUndefined();
  });

  const [x1, x0, y1, y0] = [0, 1, 2, 3].map((i) => BigInt(`0x${ONE_G2.slice(2 + 64 * i, 66 + 64 * i)}`)) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  const g2: [string, Hex][] = [
    ['what is not on the curve', words(x1, x0, y1, y0 + 1n)],
    ['y = 0', words(0n, 1n, 0n, 0n)],
    ['x = 0', words(0n, 0n, 0n, 1n)],
    ['real parts first', words(x0, x1, y0, y1)],
    ['x1 + p', words(x1 + P, x0, y1, y0)],
    ['y0 + p', words(x1, x0, y1, y0 + P)],
    ['a word too few', words(x1, x0, y1)],
    ['a point outside the subgroup', outsideSubgroup()],
  ];
  it.each(g2)('of G2 %s', (_what, bytes) => {
    expect(decodeG2(bytes)).toBeUndefined();
  });

  it('a point outside the subgroup that the other library finds on the twist', () => {
    const [a1, a0, b1, b0] = [0, 1, 2, 3].map((i) => BigInt(`0x${outsideSubgroup().slice(2 + 64 * i, 66 + 64 * i)}`));
    const point = curve.G2.fromObject([
      [a0!, a1!],
      [b0!, b1!],
      [1n, 0n],
    ]);
    expect(curve.G2.isValid(point)).toBe(true);
    expect(curve.G2.isZero(curve.G2.timesScalar(point, R))).toBe(false);
  });
});

describe('pairings cancel', () => {
  const one = decodeG1(ONE_G1)!;
  const two = decodeG2(ONE_G2)!;

  it('when the exponents add up to 0 and not otherwise, as by the other library', async () => {
    const pairs = (exponents: readonly (readonly [bigint, bigint])[]) =>
      exponents.map(([a, b]) => [one.multiplyUnsafe(a), two.multiplyUnsafe(b)] as const);
    const theirs = (exponents: readonly (readonly [bigint, bigint])[]) =>
      curve.pairingEq(
        ...exponents.flatMap(([a, b]) => [curve.G1.timesScalar(curve.G1.g, a), curve.G2.timesScalar(curve.G2.g, b)]),
      );
    const cancel = [
      [3n, 5n],
      [R - 15n, 1n],
    ] as const;
    const not = [
      [3n, 5n],
      [R - 14n, 1n],
    ] as const;
    expect([pairingsCancel(pairs(cancel)), await theirs(cancel)]).toEqual([true, true]);
    expect([pairingsCancel(pairs(not)), await theirs(not)]).toEqual([false, false]);
  });

  it('where infinity contributes nothing', () => {
    expect(pairingsCancel([])).toBe(true);
    expect(
      pairingsCancel([
        [G1.ZERO, two],
        [one, G2.ZERO],
      ]),
    ).toBe(true);
    expect(
      pairingsCancel([
        [G1.ZERO, two],
        [one, two],
      ]),
    ).toBe(false);
  });
});
