/**
 * Poseidon with circomlib's constants, in its optimised order of rounds (circomlib/circuits/poseidon.circom). Constants of a width t stand
 * one after another: C (8 t and one a partial round), S (2 t - 1 a partial round), M, P (t rows each, row i has the factors of output i).
 *
 * Units of bounds are r. A row's sum is (t + 1) / 2 fused products, each below 1 + 2 x / 169 for inputs below x. A partial round adds
 * less than 1.1 to each element but the first: after 68 of them they are below 95, and a row's sum, at most 17 products, is below 20.
 */
import { Fr } from './generated/fr';
import { FE, fromWords, toWords } from './prime';
import { At, stack } from './stack';

const HALF_OF_FULL_ROUNDS: u32 = 4;

/** x^5, below 12 for x below 95: the square is below 55, the fourth power below 19. */
function fifth(x: usize): void {
  const f = changetype<Fr>(0);
  const t = stack + At.CALLER;
  f.sqr(t, x);
  f.sqr(t, t);
  f.mul(x, x, t);
}

/** Sum of t products; t is odd. */
function dot(out: usize, a: usize, b: usize, t: u32): void {
  const f = changetype<Fr>(0);
  const product = stack + At.CALLER;
  const sum = product + FE;
  f.mul(sum, a, b);
  for (let i: u32 = 1; i < t; i += 2) {
    a += FE;
    b += FE;
    f.mul2(product, a, b, a + FE, b + FE);
    f.add(sum, sum, product);
    a += FE;
    b += FE;
  }
  f.copy(out, sum);
}

function addAll(state: usize, constants: usize, t: u32): void {
  const f = changetype<Fr>(0);
  for (let i: usize = 0; i < FE * t; i += FE) f.add(state + i, state + i, constants + i);
}

/** state = matrix state. */
function mix(state: usize, matrix: usize, t: u32): void {
  const mixed = state + FE * t;
  for (let i: usize = 0; i < t; i++) dot(mixed + FE * i, state, matrix + FE * t * i, t);
  memory.copy(state, mixed, FE * t);
}

function fifths(state: usize, t: u32): void {
  for (let i: usize = 0; i < FE * t; i += FE) fifth(state + i);
}

/** See src/engine/kernel.ts. */
export function fr_poseidon(out: usize, inputs: usize, n: u32, partialRounds: u32, constants: usize): void {
  const f = changetype<Fr>(0);
  const t = n + 1;
  let c = constants;
  let s = c + FE * (8 * t + partialRounds);
  const m = s + FE * (partialRounds * (2 * t - 1));
  const p = m + FE * t * t;
  // Behind the temporaries of `dot`: the state, and its mixture.
  const state = stack + At.CALLER + 2 * FE;
  memory.fill(state, 0, FE);
  fromWords<Fr>(state + FE, inputs, n);

  addAll(state, c, t);
  for (let round: u32 = 1; round <= HALF_OF_FULL_ROUNDS; round++) {
    c += FE * t;
    fifths(state, t);
    addAll(state, c, t);
    mix(state, round < HALF_OF_FULL_ROUNDS ? m : p, t);
  }
  c += FE * t;
  for (let round: u32 = 0; round < partialRounds; round++, c += FE) {
    fifth(state);
    f.add(state, state, c);
    const first = state + FE * t;
    dot(first, state, s, t);
    s += FE * t;
    for (let i: usize = FE; i < FE * t; i += FE, s += FE) {
      f.mul(first + FE, state, s);
      f.add(state + i, state + i, first + FE);
    }
    f.copy(state, first);
  }
  for (let round: u32 = 1; round < HALF_OF_FULL_ROUNDS; round++) {
    fifths(state, t);
    addAll(state, c, t);
    c += FE * t;
    mix(state, m, t);
  }
  fifths(state, t);
  dot(state, state, m, t);
  toWords<Fr>(out, state, 1);
}
