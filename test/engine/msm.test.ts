import { bn254 } from '@noble/curves/bn254.js';
import { buildBn128 } from 'ffjavascript';
import { describe, expect, it } from 'vitest';
import { R } from '../../src/bus/field.js';
import { Kernel } from '../../src/engine/kernel.js';
import { type Random, randomOf, testSeed } from '../helpers/chips/random.js';
import { numbersOf, wordsOf } from '../helpers/kernel.js';

const seed = testSeed();
const curve = await buildBn128(true);
const kernel = new Kernel();

const GROUPS = {
  g1: { bytes: 64, group: curve.G1, msm: kernel.call.g1_msm, scratch: kernel.call.g1_msm_scratch, large: 70_000 },
  g2: { bytes: 128, group: curve.G2, msm: kernel.call.g2_msm, scratch: kernel.call.g2_msm_scratch, large: 20_000 },
} as const;
type Name = keyof typeof GROUPS;

/** A few hundred multiples of the generator in the library's bytes, of which longer lists are made. */
const POOL = { g1: pool('g1'), g2: pool('g2') };

function pool(name: Name): Uint8Array[] {
  const { group } = GROUPS[name];
  const random = randomOf(seed, `pool ${name}`);
  return Array.from({ length: 300 }, () => group.toAffine(group.timesScalar(group.g, random.field())));
}

/** n different bases, as the running sums of random ones: points of known order without a multiplication each. */
function distinctBases(name: Name, n: number): Uint8Array[] {
  const { group } = GROUPS[name];
  const points: Uint8Array[] = [];
  let sum = group.g;
  for (let i = 0; i < n; i++) {
    sum = group.add(sum, POOL[name][i % 300]!);
    points.push(group.toAffine(sum));
  }
  return points;
}

/** The kernel's sum as the library's affine bytes. */
function summed(name: Name, bases: readonly Uint8Array[], scalars: readonly bigint[]): Uint8Array {
  const { bytes, msm, scratch } = GROUPS[name];
  const mark = kernel.mark();
  const n = scalars.length;
  const points = kernel.put(Buffer.concat(bases));
  kernel.call[`${name}_from_montgomery256`](points, points, n);
  const words = kernel.put(wordsOf(scalars));
  const out = kernel.alloc(bytes);
  kernel.view(out, bytes).fill(0xaa);
  const before = kernel.view(points, bytes * n).slice();
  const size = scratch(n);
  const area = kernel.alloc(size);
  const behind = kernel.put(new Uint8Array(64).fill(165));
  msm(points, words, n, area, out);
  expect(Buffer.from(kernel.view(points, bytes * n)).equals(before), 'bases are kept').toBe(true);
  expect(
    [...kernel.view(behind, 64)].every((x) => x === 165),
    'scratch is enough',
  ).toBe(true);
  kernel.call[`${name}_to_montgomery256`](out, out, 1);
  const result = kernel.view(out, bytes).slice();
  kernel.release(mark);
  return result;
}

async function reference(name: Name, bases: readonly Uint8Array[], scalars: readonly bigint[]): Promise<Uint8Array> {
  const { group, bytes } = GROUPS[name];
  if (scalars.length === 0) return new Uint8Array(bytes);
  return group.toAffine(await group.multiExpAffine(Buffer.concat(bases), wordsOf(scalars)));
}

async function expectEqual(name: Name, bases: readonly Uint8Array[], scalars: readonly bigint[]): Promise<void> {
  const ours = Buffer.from(summed(name, bases, scalars)).toString('hex');
  const theirs = Buffer.from(await reference(name, bases, scalars)).toString('hex');
  expect(ours, `${name} of ${scalars.length}, DELTAPROOF_SEED=${seed}`).toBe(theirs);
}

/** Scalars as a witness has them: zeros, small ones, opposite ones, repeated ones, full ones. */
function mixedScalar(random: Random, earlier: readonly bigint[]): bigint {
  const kind = random.int(9);
  if (kind === 0) return 0n;
  if (kind === 1) return random.pick([1n, 2n, R - 1n, R - 2n, (R - 1n) / 2n, (R + 1n) / 2n]);
  if (kind === 2) return random.bits(1 + random.int(64));
  if (kind < 5 && earlier.length > 0) return random.pick(earlier);
  if (kind === 5 && earlier.length > 0) return (R - random.pick(earlier)) % R;
  return random.field();
}

/** Bases with all that can happen to one: equal, opposite, infinity. */
function mixedBase(name: Name, random: Random, earlier: readonly Uint8Array[]): Uint8Array {
  const { group, bytes } = GROUPS[name];
  const kind = random.int(8);
  if (kind === 0) return new Uint8Array(bytes);
  if (kind < 3 && earlier.length > 0) return random.pick(earlier);
  if (kind === 3 && earlier.length > 0) return group.toAffine(group.neg(random.pick(earlier)));
  return random.pick(POOL[name]);
}

function mixed(name: Name, n: number): { bases: Uint8Array[]; scalars: bigint[] } {
  const random = randomOf(seed, `mixed ${name} ${n}`);
  const bases: Uint8Array[] = [];
  const scalars: bigint[] = [];
  for (let i = 0; i < n; i++) {
    bases.push(mixedBase(name, random, bases));
    scalars.push(mixedScalar(random, scalars));
  }
  return { bases, scalars };
}

describe.each(['g1', 'g2'] as const)('%s', (name) => {
  const { large, group, bytes } = GROUPS[name];

  it.each([0, 1, 2, 3, 4, 5, 31, 32, 33, 1000])('sums %i multiples of all kinds', async (n) => {
    const { bases, scalars } = mixed(name, n);
    await expectEqual(name, bases, scalars);
  });

  it(`sums ${large} multiples of all kinds`, async () => {
    const { bases, scalars } = mixed(name, large);
    await expectEqual(name, bases, scalars);
  });

  it('sums random multiples of different bases', async () => {
    const random = randomOf(seed, `random ${name}`);
    const bases = distinctBases(name, 5000);
    await expectEqual(
      name,
      bases,
      bases.map(() => random.field()),
    );
  });

  it.each([0n, 1n, 2n, R - 1n, R - 2n, (R - 1n) / 2n, (R + 1n) / 2n, 1n << 252n, (1n << 128n) - 1n])(
    'multiplies by %i, one base and a hundred',
    async (scalar) => {
      for (const n of [1, 100]) {
        const bases = POOL[name].slice(0, n);
        await expectEqual(name, bases, new Array<bigint>(n).fill(scalar));
      }
    },
  );

  it('sums one base many times, under equal, opposite and different scalars', async () => {
    const random = randomOf(seed, `one ${name}`);
    const base = POOL[name][0]!;
    for (const n of [2, 33, 300]) {
      const same = new Array<Uint8Array>(n).fill(base);
      await expectEqual(name, same, new Array<bigint>(n).fill(7n));
      await expectEqual(
        name,
        same,
        same.map(() => random.field()),
      );
      await expectEqual(
        name,
        same,
        same.map((_, i) => BigInt(i + 1)),
      );
      await expectEqual(
        name,
        same,
        same.map((_, i) => (i % 2 === 0 ? 5n : R - 5n)),
      );
    }
  });

  it('sums to infinity where all cancels', () => {
    const bases = POOL[name].slice(0, 40).flatMap((p) => [p, group.toAffine(group.neg(p))]);
    const random = randomOf(seed, `cancel ${name}`);
    const scalars = bases.map(() => 0n).map((_, i) => (i % 2 === 0 ? random.field() : 0n));
    for (let i = 1; i < scalars.length; i += 2) scalars[i] = scalars[i - 1]!;
    expect([...summed(name, bases, scalars)]).toEqual(new Array(bytes).fill(0));
    const infinities = bases.map(() => new Uint8Array(bytes));
    expect([...summed(name, infinities, scalars)]).toEqual(new Array(bytes).fill(0));
  });

  it.each([1, 2, 5, 8, 13, 16, 17, 24, 64, 127, 128, 250])('sums scalars of %i bits', async (bits) => {
    const random = randomOf(seed, `bits ${name} ${bits}`);
    const bases = distinctBases(name, 70);
    await expectEqual(
      name,
      bases,
      bases.map(() => random.bits(bits)),
    );
    await expectEqual(
      name,
      bases,
      bases.map(() => (1n << BigInt(bits)) - 1n),
    );
  });

  it('packs plain coordinates, and unpacks them', () => {
    const points = [...POOL[name].slice(0, 5), new Uint8Array(bytes)];
    const at = kernel.put(Buffer.concat(points));
    const packed = kernel.alloc(bytes * points.length);
    kernel.call[`${name}_from_montgomery256`](packed, at, points.length);
    const plain = kernel.alloc(bytes * points.length);
    kernel.call[`${name}_unpack`](plain, packed, points.length);
    const [, ...coordinates] = points.map((p) =>
      group
        .toObject(p)
        .flat(2)
        .slice(0, bytes / 32),
    );
    expect(numbersOf(kernel.view(plain, bytes * 5)).slice(bytes / 32)).toEqual(coordinates.slice(0, 4).flat());
    const again = kernel.alloc(bytes * points.length);
    kernel.call[`${name}_pack`](again, plain, points.length);
    expect([...kernel.view(again, bytes * points.length)]).toEqual([...kernel.view(packed, bytes * points.length)]);
    expect([...kernel.view(again + 5 * bytes, bytes)]).toEqual(new Array(bytes).fill(0));
  });
});

describe('noble', () => {
  it.each([1, 2, 3, 31, 32, 33])('agrees on %i multiples in g1 and g2', (n) => {
    const random = randomOf(seed, `noble ${n}`);
    const multiples = Array.from({ length: n }, () => 1n + random.bits(200));
    const scalars: bigint[] = [];
    for (let i = 0; i < n; i++) scalars.push(mixedScalar(random, scalars));
    const [P, S] = [bn254.G1.Point, bn254.G2.Point];
    const expected = multiples.reduce((sum, m, i) => (sum + m * scalars[i]!) % R, 0n);
    const run = (name: Name, points: bigint[][], want: bigint[]) => {
      const { bytes, msm, scratch } = GROUPS[name];
      const bases = kernel.put(wordsOf(points.flat()));
      kernel.call[`${name}_pack`](bases, bases, n);
      const out = kernel.alloc(bytes);
      msm(bases, kernel.put(wordsOf(scalars)), n, kernel.alloc(scratch(n)), out);
      kernel.call[`${name}_unpack`](out, out, 1);
      expect(numbersOf(kernel.view(out, bytes)), `DELTAPROOF_SEED=${seed}`).toEqual(want);
    };
    const inG1 = (m: bigint) => {
      if (m === 0n) return [0n, 0n];
      const { x, y } = P.BASE.multiply(m).toAffine();
      return [x, y];
    };
    const inG2 = (m: bigint) => {
      if (m === 0n) return [0n, 0n, 0n, 0n];
      const { x, y } = S.BASE.multiply(m).toAffine();
      return [x.c0, x.c1, y.c0, y.c1];
    };
    run('g1', multiples.map(inG1), inG1(expected));
    run('g2', multiples.map(inG2), inG2(expected));
  });
});
