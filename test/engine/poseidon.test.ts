import { buildPoseidon } from 'circomlibjs';
import { describe, expect, it } from 'vitest';
import { R } from '../../src/bus/field.js';
import { poseidon } from '../../src/engine/poseidon.js';
import { randomOf, testSeed } from '../helpers/chips/random.js';

const seed = testSeed();
const reference = await buildPoseidon();

describe.each([2, 4, 8, 16])('poseidon of %i inputs', (n) => {
  it("is circomlibjs', for random and extreme inputs", () => {
    const random = randomOf(seed, `poseidon ${n}`);
    const cases = Array.from({ length: 300 }, () =>
      Array.from({ length: n }, () => (random.int(5) === 0 ? random.pick([0n, 1n, R - 1n]) : random.field())),
    );
    for (const extreme of [0n, 1n, R - 1n, R - 2n]) cases.push(new Array<bigint>(n).fill(extreme));
    for (const inputs of cases) {
      expect(poseidon(inputs), `DELTAPROOF_SEED=${seed}`).toBe(reference.F.toObject(reference(inputs)));
    }
  });

  it('takes numbers modulo r', () => {
    const large = (1n << 256n) - 1n;
    expect(poseidon(new Array<bigint>(n).fill(large))).toBe(poseidon(new Array<bigint>(n).fill(large % R)));
  });
});

it.each([0, 1, 3, 5, 17])('refuses %i inputs', (n) => {
  expect(() => poseidon(new Array<bigint>(n).fill(1n))).toThrow(RangeError);
});
