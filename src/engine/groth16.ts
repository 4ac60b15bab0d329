import { randomBytes } from 'node:crypto';
import { R } from '../bus/field.js';
import type { Kernel, Pointer } from './kernel.js';
import { combine, type Group } from './points.js';
import type { Head } from './prepared-key.js';

/** The sums of one proof, packed points: over the wires in A, B (both groups) and C, and over the quotient. */
export interface Sums {
  readonly A: Pointer;
  readonly B1: Pointer;
  readonly B2: Pointer;
  readonly C: Pointer;
  readonly H: Pointer;
}

/** A number below r from the system's source of randomness, every one as likely. */
export function randomScalar(): bigint {
  for (;;) {
    const scalar = BigInt(`0x${randomBytes(32).toString('hex')}`) >> 2n;
    if (scalar < R) return scalar;
  }
}

/**
 * The proof from its sums (Groth 2016, section 3.2), blinded by r and s:
 *
 *   A = alpha + sum A + r delta,  B = beta + sum B + s delta,  C = sum C + sum H + s A + r B1 - r s delta
 *
 * @returns packed points
 */
export function assemble(
  kernel: Kernel,
  head: Head,
  sums: Sums,
  r: bigint,
  s: bigint,
): { readonly A: Pointer; readonly B: Pointer; readonly C: Pointer } {
  const sum = (group: Group, alpha: Pointer, over: Pointer, delta: Pointer, blinding: bigint) =>
    combine(kernel, group, [
      [alpha, 1n],
      [over, 1n],
      [delta, blinding],
    ]);
  const A = sum('g1', head.alpha1, sums.A, head.delta1, r);
  const B1 = sum('g1', head.beta1, sums.B1, head.delta1, s);
  const B = sum('g2', head.beta2, sums.B2, head.delta2, s);
  const C = combine(kernel, 'g1', [
    [sums.C, 1n],
    [sums.H, 1n],
    [A, s],
    [B1, r],
    [head.delta1, (R - ((r * s) % R)) % R],
  ]);
  return { A, B, C };
}
