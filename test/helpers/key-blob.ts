import { RULES_V2, rulesHash } from '../../src/batch/rules.js';
import type { Rules } from '../../src/batch/types.js';
import { keyBlob } from '../../src/proof/keys.js';
import { encodeG1, encodeG2, G1, G2 } from '../../src/proof/points.js';

/** Well-formed keys of `shapes` shapes with trapdoors 2, 3, 5, ...: for everything but verification. */
export async function fakeKeyBlob(shapes: number, rules: Rules = RULES_V2): Promise<`0x${string}`> {
  const g1 = (k: number) => encodeG1(G1.BASE.multiply(BigInt(k)));
  const g2 = (k: number) => encodeG2(G2.BASE.multiply(BigInt(k)));
  const shape = (i: number) => ({
    ic: [g1(2), g1(3), g1(4), g1(5)] as const,
    gamma2: g2(11 + 2 * i),
    delta: g2(12 + 2 * i),
  });
  return keyBlob(
    { alpha1: g1(7), beta2: g2(9) },
    rulesHash(rules),
    Array.from({ length: shapes }, (_, i) => shape(i)),
  );
}
