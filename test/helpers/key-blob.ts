import { toHex } from 'viem';
import { RULES_V2, rulesHash } from '../../src/batch/rules.js';
import type { Rules } from '../../src/batch/types.js';
import { keyBlob } from '../../src/proof/keys.js';
import { bn254, encodeG1, encodeG2 } from '../../src/proof/points.js';

/** Well-formed keys of `shapes` shapes with trapdoors 2, 3, 5, ...: for everything but verification. */
export async function fakeKeyBlob(shapes: number, rules: Rules = RULES_V2): Promise<`0x${string}`> {
  const curve = await bn254();
  const scalar = (k: number) => Uint8Array.from(Buffer.from(toHex(k, { size: 32 }).slice(2), 'hex').reverse());
  const g1 = (k: number) => encodeG1(curve, curve.G1.timesScalar(curve.G1.g, scalar(k)));
  const g2 = (k: number) => encodeG2(curve, curve.G2.timesScalar(curve.G2.g, scalar(k)));
  const shape = (i: number) => ({
    ic: [g1(2), g1(3), g1(4), g1(5)] as const,
    gamma2: g2(11 + 2 * i),
    delta: g2(12 + 2 * i),
  });
  return keyBlob(
    curve,
    { alpha1: g1(7), beta2: g2(9) },
    rulesHash(rules),
    Array.from({ length: shapes }, (_, i) => shape(i)),
  );
}
