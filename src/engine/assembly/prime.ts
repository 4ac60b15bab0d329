import { almostInverse } from './almost-inverse';
import { At, stack } from './stack';

/** Bytes of an element in memory: nine limbs (src/build/generate-field.ts). */
export const FE: usize = 36;
/** Bytes of a packed element. */
export const WORD: usize = 32;

/** Copies an element. */
export function copy(r: usize, a: usize): void {
  memory.copy(r, a, FE);
}

/** Whether a is a multiple of the modulus. For a up to 8 p. */
export function isZero<F>(a: usize): bool {
  const f = changetype<F>(0);
  if (!f.mayBeZero(a)) return false;
  const t = stack + At.PRIME;
  f.mul(t, a, f.one);
  f.canonical(t, t);
  let bits: u32 = 0;
  for (let i: usize = 0; i < FE; i += 4) bits |= load<u32>(t + i);
  return bits === 0;
}

/** 1 / a, 0 for 0. For a below 160 p; the result is below 1.1 p. r may be a. */
export function inverse<F>(r: usize, a: usize): void {
  const f = changetype<F>(0);
  const x = stack + At.PRIME;
  const power = x + FE;
  const words = power + FE;
  f.mul(x, a, f.one);
  f.canonical(x, x);
  f.pack(words, x);
  let k = almostInverse(words, f.modulus);
  if (k === 0) {
    memory.fill(r, 0, FE);
    return;
  }
  // Of v 2^261 that is 2^(k - 261) / v: what is missing is 2^(522 - k), of which a product with 2^522 gives 2^261 and one with 2^(522 - k) the rest.
  f.unpack(x, words);
  for (; k < 262; k++) f.addReduced(x, x, x);
  memory.fill(power, 0, FE);
  store<u32>(power + 4 * <usize>((522 - k) / 29), 1 << ((522 - k) % 29));
  f.mul(x, x, power);
  f.mul(r, x, f.toMontgomery);
}

/** Brings n plain numbers, 32 bytes each, any 256 bits, into elements below 1.1 p. They must not overlap. */
export function fromWords<F>(elements: usize, words: usize, n: u32): void {
  const f = changetype<F>(0);
  for (let i: u32 = 0; i < n; i++, elements += FE, words += WORD) {
    f.unpack(elements, words);
    f.mul(elements, elements, f.toMontgomery);
  }
}

/** Plain numbers, below the modulus, of n elements below 160 p. They may stand at the same address. */
export function toWords<F>(words: usize, elements: usize, n: u32): void {
  const f = changetype<F>(0);
  const t = stack + At.PRIME;
  for (let i: u32 = 0; i < n; i++, elements += FE, words += WORD) {
    // A product with the plain 1 is below 1.0001 p: (a + 2^261 p) / 2^261 and what the scaled steps add.
    f.mul(t, elements, f.plainOne);
    f.canonical(t, t);
    f.pack(words, t);
  }
}

/** Replaces n elements up to 8 p by their inverses, with one inversion for all (Montgomery's trick); what is 0 stays. */
export function batchInverse<F>(elements: usize, n: u32, scratch: usize): void {
  const f = changetype<F>(0);
  const product = stack + At.CALLER;
  const t = product + FE;
  copy(product, f.one);
  for (let i: u32 = 0, a = elements, prefix = scratch; i < n; i++, a += FE, prefix += FE) {
    if (isZero<F>(a)) continue;
    copy(prefix, product);
    f.mul(product, product, a);
  }
  inverse<F>(product, product);
  for (let i: usize = n; i > 0; i--) {
    const a = elements + (i - 1) * FE;
    if (isZero<F>(a)) continue;
    f.mul(t, product, scratch + (i - 1) * FE);
    f.mul(product, product, a);
    copy(a, t);
  }
}
