import { describe, expect, it } from 'vitest';
import { R } from '../../src/bus/field.js';
import { FE, FIELD_FUNCTIONS, Kernel } from '../../src/engine/kernel.js';
import { randomOf, testSeed } from '../helpers/chips/random.js';
import { applied, limbNumbers, limbsOf, limbValue, numbersOf, Q, wordsOf } from '../helpers/kernel.js';

const kernel = new Kernel();
const MONTGOMERY = 1n << 261n;
/** What limbs of lazy elements are below. */
const LAZY = 3 * 2 ** 29;
const seed = testSeed();

type Name = (typeof FIELD_FUNCTIONS)[number];

/** What a function is: the largest operands it allows and the bound of its result, in millionths of p; its value but for the form. */
interface Spec {
  readonly name: Name;
  readonly operands: readonly number[];
  readonly below: (p: bigint, ...operands: bigint[]) => bigint;
  /** Value modulo p, times 2^261 when it is a product. */
  readonly value: (...operands: bigint[]) => bigint;
  readonly product?: boolean;
}

const times = (k: number) => (p: bigint) => BigInt(k) * p;
const weak = (p: bigint) => p + p / 10_000n;
const afterProduct = (product: bigint, p: bigint) => p + p / (1n << 29n) + product / MONTGOMERY + 1n;

const SPECS: readonly Spec[] = [
  {
    name: 'mul',
    operands: [160, 160],
    below: (p, a, b) => afterProduct(a * b, p),
    value: (a, b) => a * b,
    product: true,
  },
  { name: 'sqr', operands: [160], below: (p, a) => afterProduct(a * a, p), value: (a) => a * a, product: true },
  {
    ...{ name: 'mul2', operands: [160, 160, 160, 160], product: true },
    below: (p, a, b, c, d) => afterProduct(a! * b! + c! * d!, p),
    value: (a, b, c, d) => a! * b! + c! * d!,
  },
  {
    ...{ name: 'butterflySum', operands: [160, 84, 2], product: true },
    below: (p, a, b, c) => a! + afterProduct(b! * c!, p),
    value: (a, b, c) => a! * MONTGOMERY + b! * c!,
  },
  {
    ...{ name: 'butterflyDifference', operands: [160, 84, 2], product: true },
    below: (p, a) => a! + 2n * p + 1n,
    value: (a, b, c) => a! * MONTGOMERY - b! * c!,
  },
  { name: 'add', operands: [84, 84], below: times(169), value: (a, b) => a + b },
  { name: 'sub', operands: [160, 4], below: times(165), value: (a, b) => a - b },
  { name: 'sub2', operands: [160, 2], below: times(163), value: (a, b) => a - b },
  { name: 'sub8', operands: [160, 8], below: times(169), value: (a, b) => a - b },
  { name: 'neg2', operands: [2], below: times(3), value: (a) => -a },
  { name: 'neg8', operands: [8], below: times(9), value: (a) => -a },
  { name: 'addReduced', operands: [8, 8], below: weak, value: (a, b) => a + b },
  { name: 'subReduced', operands: [12, 4], below: weak, value: (a, b) => a - b },
  { name: 'subSubReduced', operands: [8, 4, 4], below: weak, value: (a, b, c) => a - b - c },
  { name: 'subTwiceSubReduced', operands: [4, 2, 6], below: weak, value: (a, b, d) => a - 2n * b - d },
  { name: 'canonical', operands: [2], below: times(1), value: (a) => a },
];

/** Values at both ends of [0, k p], around multiples of p, with limbs all ones or zero, and any. */
function valuesUpTo(k: number, p: bigint, name: string): bigint[] {
  const top = BigInt(k) * p;
  const random = randomOf(seed, `${name} ${k} ${p}`);
  const full = (1n << 232n) - 1n;
  const below = (x: bigint) => (x > top ? x % top : x);
  const any = () => below(random.bits(272));
  return [
    ...[0n, 1n, top, top - 1n, p, p - 1n, p + 1n].filter((x) => x <= top),
    ...[full, (top >> 232n) << 232n, (((top >> 232n) - 1n) << 232n) | full, 1n << 29n, (1n << 29n) - 1n].map(below),
    ...Array.from({ length: 6 }, any),
  ];
}

/** Every pair of the first two lists; of more lists, all at their tops and random ones. */
function tuples(lists: readonly bigint[][]): bigint[][] {
  if (lists.length === 1) return lists[0]!.map((x) => [x]);
  const pairs = lists[0]!.flatMap((a) => lists[1]!.map((b) => [a, b]));
  if (lists.length === 2) return pairs;
  return pairs.flatMap(([a, b], i) => {
    const rest = (shift: number) => lists.slice(2).map((list, k) => list[(i * (k + 3) + shift) % list.length]!);
    return [0, 1, 2]
      .map((shift) => [a!, b!, ...rest(shift)])
      .concat([[a!, b!, ...lists.slice(2).map((list) => list[2]!)]]);
  });
}

/** The last limb of what lazy limbs may be, for a value up to `most`. */
const limbsAbove = (most: bigint) => (most - 3n * (1n << 232n)) >> 232n;

/** Both coordinates that `chord` packs. */
function chordOf(field: 'fq' | 'fr', operands: readonly (bigint | Uint8Array)[], signs: number): bigint[] {
  const mark = kernel.mark();
  const limbs = operands.map((operand) => (typeof operand === 'bigint' ? limbsOf(operand) : operand));
  const [point, slope, sum] = [kernel.put(Buffer.concat(limbs.slice(0, 3))), kernel.put(limbs[3]!), kernel.alloc(64)];
  kernel.call[`${field}_apply`](FIELD_FUNCTIONS.indexOf('chord'), 1, sum, point, slope, signs, 0);
  const written = numbersOf(kernel.view(sum, 64));
  kernel.release(mark);
  return written;
}

describe.each([
  ['fq', Q],
  ['fr', R],
] as const)('%s', (field, p) => {
  const modulo = (x: bigint) => ((x % p) + p) % p;

  it.each(SPECS.map((spec) => [spec.name, spec] as const))('%s holds at its bounds', (name, spec) => {
    const lists = spec.operands.map((k, i) => valuesUpTo(k, p, `${name} ${i}`));
    for (const operands of tuples(lists)) {
      const { value, normal } = limbValue(applied(kernel, field, name, operands).written);
      const where = `${field}.${name}(${operands.join(', ')}), DELTAPROOF_SEED=${seed}`;
      // 2 p itself becomes p: canonical takes what is below.
      if (name === 'canonical' && operands[0] === 2n * p) continue;
      expect(normal, where).toBe(true);
      expect(value < spec.below(p, ...operands), where).toBe(true);
      const expected = modulo(spec.value(...operands));
      expect(modulo(spec.product ? value * MONTGOMERY : value), where).toBe(expected);
    }
  });

  it('subLazy leaves no limb at 3 2^29 or below 0', () => {
    for (const a of valuesUpTo(160, p, 'lazy a')) {
      for (const b of valuesUpTo(2, p, 'lazy b')) {
        const { written } = applied(kernel, field, 'subLazy', [a, b]);
        expect(limbValue(written).value, `${a}, ${b}, DELTAPROOF_SEED=${seed}`).toBe(a - b + 4n * p);
        expect(Math.max(...limbNumbers(written))).toBeLessThan(LAZY);
      }
    }
  });

  it.each([
    ['unpackSubLazy', (a: bigint, b: bigint) => b - a + 4n * p],
    ['unpackAddLazy', (a: bigint, b: bigint) => a + b],
  ] as const)('%s leaves the first element as it is, and no limb of the other at 3 2^29 or below 0', (name, value) => {
    const values = valuesUpTo(2, p, name);
    for (const a of values) {
      for (const b of values) {
        const mark = kernel.mark();
        const [first, second, words] = [kernel.alloc(FE), kernel.alloc(FE), kernel.put(wordsOf([a, b]))];
        kernel.call[`${field}_apply`](FIELD_FUNCTIONS.indexOf(name), 1, first, second, words, words + 32, 0);
        expect([...kernel.view(first, FE)]).toEqual([...limbsOf(a)]);
        const written = kernel.view(second, FE);
        expect(limbValue(written).value, `${a}, ${b}, DELTAPROOF_SEED=${seed}`).toBe(value(a, b));
        expect(Math.max(...limbNumbers(written))).toBeLessThan(LAZY);
        kernel.release(mark);
      }
    }
  });

  it.each([0, 1, 2, 3])('chord holds at its bounds, signs %i', (signs) => {
    const last = Number(limbsAbove(6n * p));
    const lazy = new Uint8Array(Uint32Array.from({ length: 9 }, (_, i) => (i < 8 ? LAZY - 1 : last)).buffer);
    const differences = [...valuesUpTo(6, p, 'difference'), lazy];
    const [xs, ys, slopes] = ['x', 'y', 'slope'].map((name) => valuesUpTo(2, p, `chord ${name}`));
    const inverse = modulo(limbValue(applied(kernel, field, 'mul', [1n, 1n]).written).value);
    for (const [i, x] of xs!.entries()) {
      for (const [k, d] of differences.entries()) {
        for (const y of [ys!.at((i + k) % ys!.length)!, 2n * p]) {
          const slope = slopes!.at((3 * i + k) % slopes!.length)!;
          const where = `x ${x}, y ${y}, d ${k}, slope ${slope}, DELTAPROOF_SEED=${seed}`;
          const [x3, y3] = chordOf(field, [x, y, d, slope], signs);
          const difference = typeof d === 'bigint' ? d : limbValue(d).value;
          const product = modulo(slope * (x - x3!) * inverse);
          expect(modulo(x3!), where).toBe(modulo(slope * slope * inverse - 2n * x - difference));
          expect(modulo(y3!), where).toBe(modulo([product - y, product + y, product - y, y - product][signs]!));
          expect(x3! < weak(p) && y3! < weak(p), where).toBe(true);
        }
      }
    }
  });

  it('multiplies lazy factors by others', () => {
    // The largest limbs that are lazy, and any; the last one keeps the value up to 160 p.
    const last = Number((160n * p - 3n * (1n << (261n - 29n))) >> 232n);
    const random = randomOf(seed, 'lazy');
    const any = () => Uint32Array.from({ length: 9 }, (_, i) => random.int(i < 8 ? LAZY : last + 1));
    const full = Uint32Array.from({ length: 9 }, (_, i) => (i < 8 ? LAZY - 1 : last));
    const lazies = [full, ...Array.from({ length: 20 }, any)].map((limbs) => new Uint8Array(limbs.buffer));
    const product = (written: Uint8Array) => modulo(limbValue(written).value * MONTGOMERY);
    for (const [i, a] of lazies.entries()) {
      const c = lazies[(i + 3) % lazies.length]!;
      const [x, z] = [a, c].map((limbs) => limbValue(limbs).value) as [bigint, bigint];
      for (const b of [...valuesUpTo(160, p, 'factor'), 160n * p - 1n]) {
        const where = `${x} ${z} ${b}, DELTAPROOF_SEED=${seed}`;
        expect(product(applied(kernel, field, 'mul', [a, b]).written), where).toBe(modulo(x * b));
        const { written } = applied(kernel, field, 'mul2', [a, b, c, 160n * p]);
        expect(product(written), where).toBe(modulo(x * b + z * 160n * p));
        expect(limbValue(written).normal).toBe(true);
      }
    }
  });

  it('tells zero from what is none, up to 8 p', () => {
    for (let k = 0n; k <= 8n; k++) {
      for (const d of [-1n, 0n, 1n, 1n << 29n, 1n << 232n]) {
        const x = k * p + d;
        if (x < 0n || x > 8n * p) continue;
        expect(applied(kernel, field, 'isZero', [x]).returned, `${x}`).toBe(d === 0n ? 1 : 0);
        if (d === 0n) expect(applied(kernel, field, 'mayBeZero', [x]).returned).toBe(1);
      }
    }
  });

  it('inverts; 0 gives 0', () => {
    // Small powers of 2 are halved least often, those near p most often.
    const powers = Array.from({ length: 254 }, (_, i) => 1n << BigInt(i)).flatMap((x) => [x, p - (x % p), x + 1n]);
    for (const x of [...powers, ...valuesUpTo(2, p, 'inverse'), ...valuesUpTo(160, p, 'inverse')]) {
      const { value } = limbValue(applied(kernel, field, 'inverse', [x]).written);
      // x = a 2^261 and value = 2^261 / a, so their product is 2^522.
      expect(modulo(value * x), `${x}, DELTAPROOF_SEED=${seed}`).toBe(modulo(x) === 0n ? 0n : modulo(MONTGOMERY ** 2n));
      expect(value * 10n < 11n * p).toBe(true);
    }
  });

  it('packs and unpacks all of 256 bits', () => {
    for (const x of [...valuesUpTo(5, p, 'pack'), (1n << 256n) - 1n]) {
      const packed = applied(kernel, field, 'pack', [x]).written.slice(0, 32);
      expect(numbersOf(packed)).toEqual([x]);
      const at = kernel.put(wordsOf([x]));
      const out = kernel.alloc(FE);
      const call = field === 'fq' ? kernel.call.fq_apply : kernel.call.fr_apply;
      call(FIELD_FUNCTIONS.indexOf('unpack'), 1, out, at, 0, 0, 0);
      expect([...kernel.view(out, FE)]).toEqual([...limbsOf(x)]);
    }
  });

  it('brings words into elements and back', () => {
    const values = [...valuesUpTo(1, p, 'words').map((x) => x % p), (1n << 256n) - 1n];
    const n = values.length;
    const [words, elements, back] = [kernel.put(wordsOf(values)), kernel.alloc(FE * n), kernel.alloc(32 * n)];
    kernel.call[`${field}_from_words`](elements, words, n);
    for (const [i, x] of values.entries()) {
      const { value } = limbValue(kernel.view(elements + FE * i, FE));
      expect(modulo(value)).toBe(modulo(x * MONTGOMERY));
      expect(value < 2n * p).toBe(true);
    }
    kernel.call[`${field}_to_words`](back, elements, n);
    expect(numbersOf(kernel.view(back, 32 * n))).toEqual(values.map(modulo));
    // Large and unreduced elements too.
    const large = valuesUpTo(160, p, 'to words');
    kernel.call[`${field}_to_words`](back, kernel.put(Buffer.concat(large.map(limbsOf))), large.length);
    const inverse = modulo(
      applied(kernel, field, 'mul', [1n, 1n]).written.length === FE
        ? limbValue(applied(kernel, field, 'mul', [1n, 1n]).written).value
        : 0n,
    );
    expect(numbersOf(kernel.view(back, 32 * large.length))).toEqual(large.map((x) => modulo(x * inverse)));
  });
});

describe('fr_batch_inverse', () => {
  it.each([0, 1, 2, 33])('inverts %i elements, zeros stay', (n) => {
    const random = randomOf(seed, 'batch');
    const values = Array.from({ length: n }, (_, i) => (i % 5 === 2 ? 0n : random.field()));
    const elements = kernel.alloc(FE * n);
    kernel.call.fr_from_words(elements, kernel.put(wordsOf(values)), n);
    // A zero may be any multiple of the modulus.
    if (n > 7) kernel.view(elements + FE * 7, FE).set(limbsOf(8n * R));
    kernel.call.fr_batch_inverse(elements, n, kernel.alloc(FE * n));
    const words = kernel.alloc(32 * n);
    kernel.call.fr_to_words(words, elements, n);
    const inverses = numbersOf(kernel.view(words, 32 * n));
    values.forEach((x, i) => {
      if (x === 0n || i === 7) expect(inverses[i]).toBe(0n);
      else expect((x * inverses[i]!) % R, `DELTAPROOF_SEED=${seed}`).toBe(1n);
    });
  });
});
