import type { Bytes, Curve } from 'ffjavascript';
import { mod, R } from '../bus/field.js';
import type { Challenge } from '../bus/tuple.js';
import { decodeG1, decodeG2, pairingsCancel } from './points.js';
import type { VerifyingKeys } from './types.js';

/** A proof with its points decoded, and the shape it claims. */
export interface DecodedProof {
  readonly shape: number;
  readonly sum: bigint;
  readonly A: Bytes;
  readonly B: Bytes;
  readonly C: Bytes;
  readonly D: Bytes;
}

/**
 * The batch equation, as L1 computes it: with powers of rho as weights, ONE product of N + 2S + 2 pairings for N proofs
 * over S shapes of
 *
 *   e(A, B) = e(alpha1, beta2) e(IC0 + sum IC1 + alpha IC2 + beta IC3, [1]_2) e(D, gamma2) e(C, delta)
 */
export async function proofsHold(
  curve: Curve,
  keys: VerifyingKeys,
  proofs: readonly DecodedProof[],
  { alpha, beta }: Challenge,
  rho: bigint,
): Promise<boolean> {
  const { G1, G2 } = curve;
  const times = (point: Bytes, scalar: bigint) => G1.timesScalar(point, mod(scalar));
  const shapes = new Map<number, { D: Bytes; C: Bytes; weight: bigint; sum: bigint }>();
  const pairs: [Bytes, Bytes][] = [];
  let weight = 1n;
  let total = 0n;
  for (const { shape, sum, A, B, C, D } of proofs) {
    const folded = shapes.get(shape) ?? { D: G1.zero, C: G1.zero, weight: 0n, sum: 0n };
    shapes.set(shape, folded);
    pairs.push([times(A, weight), B]);
    folded.D = G1.add(folded.D, times(D, weight));
    folded.C = G1.add(folded.C, times(C, weight));
    folded.weight = mod(folded.weight + weight);
    folded.sum = mod(folded.sum + weight * sum);
    total = mod(total + weight);
    weight = (weight * rho) % R;
  }
  let publics = G1.zero;
  for (const [shape, folded] of shapes) {
    const { ic, gamma2, delta } = keys.shapes[shape]!.key;
    const scalars = [folded.weight, folded.sum, folded.weight * alpha, folded.weight * beta];
    for (const [i, scalar] of scalars.entries()) publics = G1.add(publics, times(decodeG1(curve, ic[i]!)!, scalar));
    pairs.push([G1.neg(folded.D), decodeG2(curve, gamma2)!], [G1.neg(folded.C), decodeG2(curve, delta)!]);
  }
  pairs.push([times(decodeG1(curve, keys.alpha1)!, R - total), decodeG2(curve, keys.beta2)!]);
  pairs.push([G1.neg(publics), G2.g]);
  return pairingsCancel(curve, pairs);
}
