/** A quadratic arithmetic program evaluated at one point: what a set-up's keys are multiples by. */
import { root } from './fft';
import { Fr } from './generated/fr';
import { batchInverse, FE, inverse, toWords, WORD } from './prime';
import { At, stack } from './stack';

/**
 * Lagrange's polynomials of the domain of n = 2^log roots of unity at a point tau outside of it, times `scale`:
 * L_i = w^i (tau^n - 1) / (n (tau - w^i)). `odd`: only those of odd i. tau and scale are elements below 2 r; scratch as large as out.
 */
export function fr_lagrange(out: usize, tau: usize, scale: usize, log: u32, odd: bool, scratch: usize): void {
  const f = changetype<Fr>(0);
  const w = stack + At.CALLER + 2 * FE; // behind the temporaries of batchInverse
  const step = w + FE;
  const x = step + FE;
  const factor = x + FE;
  const t = factor + FE;
  const count: u32 = <u32>(1 << log) >> <u32>odd;
  root(w, log);
  if (odd) f.sqr(step, w);
  else f.copy(step, w);
  first(x, w, odd);
  for (let i: u32 = 0; i < count; i++, f.mul(x, x, step)) f.sub(out + FE * <usize>i, tau, x);
  batchInverse<Fr>(out, count, scratch);

  f.copy(factor, tau);
  f.copy(t, f.one);
  for (let i: u32 = 0; i < log; i++) {
    f.sqr(factor, factor);
    f.addReduced(t, t, t);
  }
  f.subReduced(factor, factor, f.one);
  inverse<Fr>(t, t);
  f.mul(factor, factor, t);
  f.mul(factor, factor, scale);
  first(x, w, odd);
  for (let i: u32 = 0; i < count; i++, f.mul(x, x, step)) {
    f.mul(t, x, factor);
    f.mul(out + FE * <usize>i, out + FE * <usize>i, t);
  }
}

/** w^1 or w^0. */
function first(x: usize, w: usize, odd: bool): void {
  const f = changetype<Fr>(0);
  f.copy(x, odd ? w : f.one);
}

/**
 * Adds coefficient * lagrange[constraint] to the values of each term's wire. `constraints` are the bytes of an r1cs (src/build/r1cs.ts); values
 * are three lists (A, B, C) of `wires` elements below 1.1 r.
 */
export function fr_evaluate(constraints: usize, n: u32, lagrange: usize, values: usize, wires: u32): void {
  const f = changetype<Fr>(0);
  const t = stack + At.CALLER;
  let at = constraints;
  for (let i: u32 = 0; i < n; i++, lagrange += FE) {
    for (let matrix: u32 = 0; matrix < 3; matrix++) {
      const list = values + FE * <usize>(matrix * wires);
      const end = at + 4 + (4 + WORD) * <usize>load<u32>(at);
      for (at += 4; at < end; at += 4 + WORD) {
        const value = list + FE * <usize>load<u32>(at);
        const coefficient = at + 4;
        if (isSmall(coefficient, 1)) f.addReduced(value, value, lagrange);
        else if (isMinusOne(coefficient)) f.subReduced(value, value, lagrange);
        else {
          f.unpack(t, coefficient);
          f.mul(t, t, f.toMontgomery);
          f.mul(t, t, lagrange);
          f.addReduced(value, value, t);
        }
      }
    }
  }
}

function isSmall(word: usize, x: u64): bool {
  return load<u64>(word) === x && (load<u64>(word, 8) | load<u64>(word, 16) | load<u64>(word, 24)) === 0;
}

/** Whether a word is r - 1: r is odd, so only its lowest bit differs. */
function isMinusOne(word: usize): bool {
  const r = changetype<Fr>(0).modulus;
  return (
    load<u64>(word) === load<u64>(r) - 1 &&
    load<u64>(word, 8) === load<u64>(r, 8) &&
    load<u64>(word, 16) === load<u64>(r, 16) &&
    load<u64>(word, 24) === load<u64>(r, 24)
  );
}

/** Words of a x + b y + c z for n elements each of a, b and c; all below 2 r. */
export function fr_combine(out: usize, a: usize, b: usize, c: usize, n: u32, x: usize, y: usize, z: usize): void {
  const f = changetype<Fr>(0);
  const t = stack + At.CALLER;
  for (let i: u32 = 0; i < n; i++, a += FE, b += FE, c += FE, out += WORD) {
    f.mul2(t, a, x, b, y);
    f.mul(t + FE, c, z);
    f.add(t, t, t + FE);
    toWords<Fr>(out, t, 1);
  }
}
