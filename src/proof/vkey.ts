import { type Hex, slice } from 'viem';
import { ONE_G2 } from './points.js';
import type { SharedKey, VerifyingKey } from './types.js';

type G1 = readonly [x: string, y: string, z: '1'];
type G2 = readonly [x: readonly [string, string], y: readonly [string, string], z: readonly ['1', '0']];

/** A shape's verifying key in the form of snarkjs' `verification_key.json`: decimal strings, projective, real part first. */
export interface SnarkjsKey {
  /** Groth16 with a commitment D beside A, B, C; snarkjs itself does not verify such proofs. */
  readonly protocol: 'groth16-commitment';
  readonly curve: 'bn128';
  /** sum, alpha, beta. */
  readonly nPublic: 3;
  readonly vk_alpha_1: G1;
  readonly vk_beta_2: G2;
  /** Of the public inputs: [1]_2. */
  readonly vk_gamma_2: G2;
  /** Of the commitment. */
  readonly vk_commitment_2: G2;
  readonly vk_delta_2: G2;
  readonly IC: readonly G1[];
}

/**
 * A verifying key as JSON has it. A proof holds when
 * `e(A, B) = e(alpha_1, beta_2) e(IC0 + sum IC1 + alpha IC2 + beta IC3, gamma_2) e(D, commitment_2) e(C, delta_2)`.
 */
export async function snarkjsKey(
  { alpha1, beta2 }: SharedKey,
  { ic, gamma2, delta }: VerifyingKey,
): Promise<SnarkjsKey> {
  return {
    ...{ protocol: 'groth16-commitment', curve: 'bn128', nPublic: 3 },
    vk_alpha_1: g1(alpha1),
    vk_beta_2: g2(beta2),
    vk_gamma_2: g2(ONE_G2),
    vk_commitment_2: g2(gamma2),
    vk_delta_2: g2(delta),
    IC: ic.map(g1),
  };
}

function g1(point: Hex): G1 {
  return [wordOf(point, 0), wordOf(point, 1), '1'];
}

/** EIP-197 has imaginary parts first, snarkjs real ones. */
function g2(point: Hex): G2 {
  return [
    [wordOf(point, 1), wordOf(point, 0)],
    [wordOf(point, 3), wordOf(point, 2)],
    ['1', '0'],
  ];
}

function wordOf(point: Hex, i: number): string {
  return BigInt(slice(point, 32 * i, 32 * i + 32)).toString();
}
