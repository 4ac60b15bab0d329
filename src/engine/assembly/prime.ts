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

/** 1 / a, 0 for 0: a^(p - 2) by windows of four bits. For a below 160 p; the result is below 1.1 p. r may be a. */
export function inverse<F>(r: usize, a: usize): void {
  const f = changetype<F>(0);
  const table = stack + At.PRIME;
  const x = table + 16 * FE;
  f.mul(table + FE, a, f.one);
  for (let i: usize = 2; i < 16; i++) f.mul(table + i * FE, table + (i - 1) * FE, table + FE);
  copy(x, f.one);
  for (let i = 63; i >= 0; i--) {
    if (i < 63) for (let k = 0; k < 4; k++) f.sqr(x, x);
    const digit = (load<u8>(f.inverseExponent + (i >> 1)) >> <u8>(4 * (i & 1))) & 15;
    if (digit !== 0) f.mul(x, x, table + <usize>digit * FE);
  }
  copy(r, x);
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
