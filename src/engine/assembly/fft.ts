/**
 * Fourier transforms over the scalar field, and the quotient that Groth16's prover needs.
 *
 * A butterfly is x + w y, x - w y. Its product is below 1.3 r whatever y up to 50 r is, so x grows by at most 2 r a layer, and nothing is
 * reduced on the way: of up to 27 layers, values stay below 2 + 2 * 27 = 56 r.
 */
import { Fr } from './generated/fr';
import { FE, inverse, toWords } from './prime';
import { At, stack } from './stack';

/** log2 of the order of `rootOfUnity`. */
const TWO_ADICITY: u32 = 28;
/** Bytes of values, 2^11 of them, that all layers which stay among them go over before the next ones: they keep in the second-level cache. */
const NEAR: usize = FE << 11;

/** A root of unity of order 2^log. */
export function root(out: usize, log: u32): void {
  const f = changetype<Fr>(0);
  f.copy(out, f.rootOfUnity);
  for (let i = log; i < TWO_ADICITY; i++) f.sqr(out, out);
}

/** The first n powers of w, n at least 1. */
function powers(out: usize, w: usize, n: usize): void {
  const f = changetype<Fr>(0);
  f.copy(out, f.one);
  for (let i: usize = 1; i < n; i++) f.mul(out + FE * i, out + FE * (i - 1), w);
}

/**
 * first w^rev(i) for i < 2^log, where rev reverses the log bits of i: bit k of a place is bit log - 1 - k of its exponent. w is used up.
 */
function reversedPowers(out: usize, first: usize, w: usize, log: u32): void {
  const f = changetype<Fr>(0);
  const factor = stack + At.CALLER;
  // What bit k contributes waits at place 2^k.
  for (let k = log; k > 0; k--, f.sqr(w, w)) f.copy(out + (FE << (k - 1)), w);
  f.copy(out, first);
  for (let size: usize = 1; size < (<usize>1) << log; size <<= 1) {
    f.copy(factor, out + FE * size);
    for (let i: usize = 0; i < size; i++) f.mul(out + FE * (size + i), out + FE * i, factor);
  }
}

/**
 * Layers from natural to bit-reversed order, of values below 2 r: block b of a layer has the twiddle w^rev(b). Block 0's is 1: there the
 * upper half, block 0 of the next layer, is reduced instead.
 */
function toReversed(a: usize, log: u32, twiddles: usize): void {
  const bytes = FE << log;
  const near = bytes < NEAR ? bytes : NEAR;
  let size = bytes;
  for (; size > near; size >>= 1) reversedLayer(a, a, a + bytes, size / 2, twiddles);
  for (let x = a; x < a + bytes; x += near) {
    for (size = near; size > FE; size >>= 1) reversedLayer(a, x, x + near, size / 2, twiddles);
  }
}

/** The layer whose blocks are two times `half` long, from x, where one begins, to `end`. */
function reversedLayer(a: usize, x: usize, end: usize, half: usize, twiddles: usize): void {
  const f = changetype<Fr>(0);
  if (x === a) {
    const t = stack + At.CALLER;
    for (; x < a + half; x += FE) {
      f.sub2(t, x, x + half);
      f.addReduced(x, x, x + half);
      f.copy(x + half, t);
    }
    x += half;
  }
  for (let w = twiddles + ((x - a) / (2 * half)) * FE; x < end; w += FE, x += half) {
    for (const middle = x + half; x < middle; x += FE) f.butterfly(x, x + half, w);
  }
}

/** Layers from bit-reversed to natural order, of values below 2 r; twiddles are the powers of w in natural order. */
function toNatural(a: usize, log: u32, twiddles: usize): void {
  const bytes = FE << log;
  const near = bytes < NEAR ? bytes : NEAR;
  const most = FE << (log - 1);
  for (let x = a; x < a + bytes; x += near) {
    firstLayer(x, x + near);
    for (let half: usize = 2 * FE; half < near; half <<= 1) naturalLayer(x, x + near, half, twiddles, most / half);
  }
  for (let half: usize = near; half < bytes; half <<= 1) naturalLayer(a, a + bytes, half, twiddles, most / half);
}

/** The layer of blocks of two, whose twiddles are 1. */
function firstLayer(x: usize, end: usize): void {
  const f = changetype<Fr>(0);
  const t = stack + At.CALLER;
  for (; x < end; x += 2 * FE) {
    f.sub2(t, x, x + FE);
    f.add(x, x, x + FE);
    f.copy(x + FE, t);
  }
}

/** The layer whose blocks are two times `half` long, from x, where one begins, to `end`; its twiddles are each `step`-th. */
function naturalLayer(x: usize, end: usize, half: usize, twiddles: usize, step: usize): void {
  const f = changetype<Fr>(0);
  const stride = FE * step;
  for (; x < end; x += half) {
    let w = twiddles;
    for (const middle = x + half; x < middle; x += FE, w += stride) f.butterfly(x, x + half, w);
  }
}

/** Bytes of scratch for a domain of 2^log: three lists of as many elements. */
export function fr_quotient_scratch(log: u32): usize {
  return (3 * FE) << log;
}

/** See src/engine/kernel.ts. On the odd coset of the domain, X^n - 1 is -2 throughout: snarkjs' section 9 has it divided out of its points. */
export function fr_quotient(a: usize, b: usize, log: u32, out: usize, scratch: usize): void {
  const f = changetype<Fr>(0);
  const bytes = FE << log;
  const c = scratch;
  const shift = c + bytes;
  const inverseTwiddles = shift + bytes;
  const twiddles = inverseTwiddles + bytes / 2;
  // Behind the temporary of the functions called.
  const g = stack + At.CALLER + FE;
  const w = g + FE;
  const size = w + FE;
  root(g, log + 1);
  f.sqr(w, g);
  powers(twiddles, w, (<usize>1) << (log - 1));
  inverse<Fr>(w, w);
  reversedPowers(inverseTwiddles, f.one, w, log - 1);
  f.copy(size, f.one);
  for (let i: u32 = 0; i < log; i++) f.addReduced(size, size, size);
  inverse<Fr>(size, size);
  reversedPowers(shift, size, g, log);

  for (let at: usize = 0; at < bytes; at += FE) f.mul(c + at, a + at, b + at);
  toCoset(a, log, inverseTwiddles, shift, twiddles);
  toCoset(b, log, inverseTwiddles, shift, twiddles);
  toCoset(c, log, inverseTwiddles, shift, twiddles);
  for (let at: usize = 0; at < bytes; at += FE) f.mul2(a + at, a + at, b + at, c + at, f.minusOne);
  toWords<Fr>(out, a, 1 << log);
}

/** Values of a polynomial on the domain to its values on the odd coset: coefficient i times g^i / n. */
function toCoset(values: usize, log: u32, inverseTwiddles: usize, shift: usize, twiddles: usize): void {
  const f = changetype<Fr>(0);
  toReversed(values, log, inverseTwiddles);
  for (let at: usize = 0; at < FE << log; at += FE) f.mul(values + at, values + at, shift + at);
  toNatural(values, log, twiddles);
}
