import { randomBytes } from 'node:crypto';
import { inverse, R } from '../bus/field.js';
import type { Kernel, Pointer } from './kernel.js';
import { combine } from './points.js';
import type { Head } from './prepared-key.js';

/** The sums of one proof, packed points: over the wires in A, B (in G2) and C, and over the quotient. */
export interface Sums {
  readonly A: Pointer;
  readonly B2: Pointer;
  readonly C: Pointer;
  readonly H: Pointer;
}

/** A number from 1 up to, not including, the groups' order, from the system's source of randomness, every one as likely. */
export function randomScalar(): bigint {
  for (;;) {
    const scalar = BigInt(`0x${randomBytes(32).toString('hex')}`) >> 2n;
    if (scalar > 0n && scalar < R) return scalar;
  }
}

/**
 * The proof from its sums (Groth 2016, section 3.2, with r = s = 0), blinded by r and s as anybody may blind a proof (Baghery, Kohlweiss, Siim,
 * Volkhov, FC 2021):
 *
 *   A = (alpha + sum A) / r,  B = r (beta + sum B) + r s delta,  C = sum C + sum H + s (alpha + sum A)
 *
 * A is any point but infinity, B any point, each as likely whatever the witness, and C is what the equation makes it: the same as of
 * proofs whose C takes a blinded sum of B in G1 as well (`snarkjs.ts`).
 * @param r not 0
 * @returns packed points
 */
export function assemble(
  kernel: Kernel,
  { alpha1, beta2, delta2 }: Head,
  sums: Sums,
  r: bigint,
  s: bigint,
): { readonly A: Pointer; readonly B: Pointer; readonly C: Pointer } {
  const A = combine(kernel, 'g1', [
    [alpha1, inverse(r)],
    [sums.A, inverse(r)],
  ]);
  const B = combine(kernel, 'g2', [
    [beta2, r],
    [sums.B2, r],
    [delta2, (r * s) % R],
  ]);
  const C = combine(kernel, 'g1', [
    [sums.C, 1n],
    [sums.H, 1n],
    [alpha1, s],
    [sums.A, s],
  ]);
  return { A, B, C };
}
