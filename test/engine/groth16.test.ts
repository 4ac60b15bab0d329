import { expect, it } from 'vitest';
import { inverse, R } from '../../src/bus/field.js';
import { assemble, randomScalar } from '../../src/engine/groth16.js';
import { Kernel } from '../../src/engine/kernel.js';
import { coordinates, type Group, POINT, putWords } from '../../src/engine/points.js';
import { G1, G2 } from '../../src/proof/points.js';
import { randomOf, testSeed } from '../helpers/chips/random.js';
import { filesIn, textOf } from '../repository/files.js';

const random = randomOf(testSeed(), 'groth16');
const kernel = new Kernel();

/** scalar * G, packed. */
function packed(group: Group, scalar: bigint): number {
  const affine = (group === 'g1' ? G1 : G2).BASE.multiply(scalar).toAffine();
  const words = [affine.x, affine.y].flatMap((x) => (typeof x === 'bigint' ? [x] : [x.c0, x.c1]));
  const at = kernel.alloc(POINT[group]);
  kernel.call[`${group}_pack`](at, putWords(kernel, words), 1);
  return at;
}

const plainG1 = (scalar: bigint) => {
  const { x, y } = G1.BASE.multiplyUnsafe(scalar % R).toAffine();
  return [x, y];
};
const plainG2 = (scalar: bigint) => {
  const { x, y } = G2.BASE.multiplyUnsafe(scalar % R).toAffine();
  return [x.c0, x.c1, y.c0, y.c1];
};

it('assembles A, B and C by the formula, for any r and s, s = 0 among them', () => {
  console.log(`groth16: DELTAPROOF_SEED=${testSeed()}`);
  for (const [r, s] of [
    [1n, 0n],
    [1n, 1n],
    [R - 1n, R - 1n],
    [1n + (random.field() % (R - 1n)), random.field()],
  ] as const) {
    const [alpha, beta, delta, a, b, c, h] = Array.from({ length: 7 }, () => 1n + (random.field() % (R - 1n))) as [
      ...[bigint, bigint, bigint, bigint, bigint, bigint, bigint],
    ];
    const head = { alpha1: packed('g1', alpha), beta2: packed('g2', beta), delta2: packed('g2', delta) };
    const sums = { A: packed('g1', a), B2: packed('g2', b), C: packed('g1', c), H: packed('g1', h) };
    const proof = assemble(kernel, head, sums, r, s);
    const [A, B, C] = [(alpha + a) * inverse(r), r * (beta + b + s * delta), c + h + s * (alpha + a)];
    expect(coordinates(kernel, 'g1', proof.A)).toEqual(plainG1(A));
    expect(coordinates(kernel, 'g2', proof.B)).toEqual(plainG2(B));
    expect(coordinates(kernel, 'g1', proof.C)).toEqual(plainG1(C));
    // What the verifier's equation compares does not depend on r and s.
    const product = (alpha + a) * (beta + b) - (c + h) * delta;
    expect((A * B - C * delta - product) % R).toBe(0n);
  }
});

it('draws r and s from 1 to below the order, each its own', () => {
  const drawn = Array.from({ length: 1_000 }, randomScalar);
  expect(new Set(drawn).size).toBe(1_000);
  expect(drawn.every((x) => x > 0n && x < R)).toBe(true);
  // Every bit is drawn: the top one of r is set in r - 2^253 of r values.
  for (let bit = 0n; bit < 253n; bit++) expect(drawn.some((x) => (x >> bit) & 1n)).toBe(true);
});

it('nothing outside of tests can say what r and s are', () => {
  const using = (name: string) =>
    [...filesIn('src', '.ts'), ...filesIn('prover', '.ts')].filter((path) => textOf(path).includes(name));
  expect(using('assemble(').filter((path) => path.startsWith('src/engine'))).toEqual([
    'src/engine/engine.ts',
    'src/engine/groth16.ts',
  ]);
  expect(using('randomScalar')).toEqual(['src/engine/engine.ts', 'src/engine/groth16.ts']);
  expect(textOf('src/engine/engine.ts')).toContain('assemble(kernel, head, sums, randomScalar(), randomScalar())');
  expect(textOf('src/engine/groth16.ts')).toContain("import { randomBytes } from 'node:crypto';");
  // Nor is there a switch: what an engine does, no variable of the environment says.
  const folders = ['src/engine', 'src/proof'].flatMap((folder) => filesIn(folder, '.ts'));
  expect(folders.filter((path) => /process\.env(?!\.PATH\b)|Math\.random/.test(textOf(path)))).toEqual([]);
});
