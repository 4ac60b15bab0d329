import { expect, it } from 'vitest';
import { R } from '../../src/bus/field.js';
import { Kernel } from '../../src/engine/kernel.js';
import { randomOf, testSeed } from '../helpers/chips/random.js';
import { numbersOf, wordsOf } from '../helpers/kernel.js';

const seed = testSeed();
const kernel = new Kernel();
const A = 0x89d3256894d213e3n;
const B = 0x6f4d8248eeb859fc8211bbeb7d4f1128n;
/** A / B modulo r: a cube root of 1. */
const LAMBDA = 4407920970296243842393367215006156084916469457145843978461n;

/** k1 and k2 of a scalar below r, with their signs. */
function halves(scalar: bigint): readonly [bigint, bigint] {
  const mark = kernel.mark();
  const to = kernel.alloc(32);
  const signs = kernel.call.fr_halve(to, kernel.put(wordsOf([scalar])));
  const [both] = numbersOf(kernel.view(to, 32));
  kernel.release(mark);
  const [k1, k2] = [both! & ((1n << 128n) - 1n), both! >> 128n];
  return [signs & 1 ? -k1 : k1, signs & 2 ? -k2 : k2];
}

/** A number over r, to the nearest. */
const rounded = (x: bigint): bigint => (2n * x + R) / (2n * R);

/** k1 and k2 as the argument says. */
function exact(k: bigint): readonly [bigint, bigint] {
  const [c1, c2] = [rounded(A * k), rounded(B * k)];
  return [k - (c1 + c2) * A - c2 * B, c1 * B - c2 * A];
}

function expectHalves(scalar: bigint): readonly [bigint, bigint] {
  const [k1, k2] = halves(scalar);
  const what = `${scalar}, DELTAPROOF_SEED=${seed}`;
  expect((((k1 + k2 * LAMBDA - scalar) % R) + R) % R, what).toBe(0n);
  for (const k of [k1, k2]) expect((k < 0n ? -k : k) < 1n << 126n, what).toBe(true);
  return [k1, k2];
}

it('stands on the lattice that its argument names', () => {
  expect(A * A + A * B + B * B).toBe(R);
  expect((LAMBDA * B) % R).toBe(A);
  expect(LAMBDA ** 3n % R).toBe(1n);
  expect(A + B / 2n).toBeLessThan(1n << 126n);
});

it('halves scalars of all kinds', () => {
  const around = [0n, LAMBDA, (LAMBDA * LAMBDA) % R, R / 2n, R / 3n, R, A, B, A + B, (A * B) % R, 1n << 253n];
  const words = [32n, 63n, 64n, 127n, 128n, 191n, 192n, 252n].map((bit) => 1n << bit);
  // Where A k / r and B k / r are half an integer, which way is rounded decides.
  const ties = [A, B].flatMap((x) => [1n, 2n, 3n, x / 2n, x - 1n].map((c) => ((2n * c + 1n) * R) / (2n * x)));
  for (const k of [...around, ...words, ...ties]) {
    for (let d = -3n; d <= 3n; d++) expectHalves((((k + d) % R) + R) % R);
  }
});

it('leaves what is short as it is, and finds both signs of both halves', () => {
  const random = randomOf(seed, 'halves');
  for (const k of [0n, 1n, (1n << 125n) - 1n, random.bits(125)]) expect(halves(k)).toEqual([k, 0n]);
  expect(halves(LAMBDA)).toEqual([0n, 1n]);
  expect(halves(R - 1n)).toEqual([-1n, 0n]);
  expect(halves(R - LAMBDA)).toEqual([0n, -1n]);
  // One whose halves had 127 bits while the shares of k were whole numbers.
  const long = 21805952397385571322045413676032594714152139165828605286275171219885833952541n;
  expect(halves(long)).toEqual(exact(long));
  const signs = new Set<string>();
  for (let i = 0; i < 2000; i++) {
    const scalar = random.field();
    const both = expectHalves(scalar);
    // Within 2^-29 of half an integer either way is as good: never met by chance.
    expect(both, `${scalar}, DELTAPROOF_SEED=${seed}`).toEqual(exact(scalar));
    signs.add(both.map((k) => k < 0n).join());
  }
  expect([...signs].sort()).toEqual(['false,false', 'false,true', 'true,false', 'true,true']);
});
