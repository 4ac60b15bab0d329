import { mod, R } from '../bus/field.js';
import type { Challenge } from '../bus/tuple.js';
import { decodeG1, G1, type G1Point, G2, type G2Point, pairingsCancel, readG2 } from './points.js';
import type { VerifyingKeys } from './types.js';

/** A proof with its points decoded, and the shape it claims. */
export interface DecodedProof {
  readonly shape: number;
  readonly sum: bigint;
  readonly A: G1Point;
  readonly B: G2Point;
  readonly C: G1Point;
  readonly D: G1Point;
}

/**
 * The batch equation, as L1 computes it: with powers of rho as weights, ONE product of N + 2S + 2 pairings for N proofs
 * over S shapes of
 *
 *   e(A, B) = e(alpha1, beta2) e(IC0 + sum IC1 + alpha IC2 + beta IC3, [1]_2) e(D, gamma2) e(C, delta)
 */
export function proofsHold(
  keys: VerifyingKeys,
  proofs: readonly DecodedProof[],
  { alpha, beta }: Challenge,
  rho: bigint,
): boolean {
  const times = (point: G1Point, scalar: bigint) => point.multiplyUnsafe(mod(scalar));
  const shapes = new Map<number, { D: G1Point; C: G1Point; weight: bigint; sum: bigint }>();
  const pairs: [G1Point, G2Point][] = [];
  let weight = 1n;
  let total = 0n;
  for (const { shape, sum, A, B, C, D } of proofs) {
    const folded = shapes.get(shape) ?? { D: G1.ZERO, C: G1.ZERO, weight: 0n, sum: 0n };
    shapes.set(shape, folded);
    pairs.push([times(A, weight), B]);
    folded.D = folded.D.add(times(D, weight));
    folded.C = folded.C.add(times(C, weight));
    folded.weight = mod(folded.weight + weight);
    folded.sum = mod(folded.sum + weight * sum);
    total = mod(total + weight);
    weight = (weight * rho) % R;
  }
  let publics = G1.ZERO;
  for (const [shape, folded] of shapes) {
    const { ic, gamma2, delta } = keys.shapes[shape]!.key;
    const scalars = [folded.weight, folded.sum, folded.weight * alpha, folded.weight * beta];
    for (const [i, scalar] of scalars.entries()) publics = publics.add(times(decodeG1(ic[i]!)!, scalar));
    pairs.push([folded.D.negate(), readG2(gamma2)!], [folded.C.negate(), readG2(delta)!]);
  }
  pairs.push([times(decodeG1(keys.alpha1)!, R - total), readG2(keys.beta2)!]);
  pairs.push([publics.negate(), G2.BASE]);
  return pairingsCancel(pairs);
}
