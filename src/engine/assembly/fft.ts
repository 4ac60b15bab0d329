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
  const f = changetype<Fr>(0);
  const t = stack + At.CALLER;
  for (let half: usize = FE << (log - 1), blocks: u32 = 1; half >= FE; half >>= 1, blocks <<= 1) {
    let x = a;
    for (; x < a + half; x += FE) {
      f.sub2(t, x, x + half);
      f.addReduced(x, x, x + half);
      f.copy(x + half, t);
    }
    x += half;
    let w = twiddles + FE;
    for (let b: u32 = 1; b < blocks; b++, w += FE, x += half) {
      for (const end = x + half; x < end; x += FE) f.butterfly(x, x + half, w);
    }
  }
}

/** Layers from bit-reversed to natural order, of values below 2 r; twiddles are the powers of w in natural order. */
function toNatural(a: usize, log: u32, twiddles: usize): void {
  const f = changetype<Fr>(0);
  const t = stack + At.CALLER;
  const end = a + (FE << log);
  // The first layer's twiddles are 1.
  for (let x = a; x < end; x += 2 * FE) {
    f.sub2(t, x, x + FE);
    f.add(x, x, x + FE);
    f.copy(x + FE, t);
  }
  for (let layer: u32 = 1; layer < log; layer++) {
    const half = FE << layer;
    const stride = FE << (log - 1 - layer);
    for (let block = a; block < end; block += 2 * half) {
      let w = twiddles;
      for (let x = block; x < block + half; x += FE, w += stride) f.butterfly(x, x + half, w);
    }
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
