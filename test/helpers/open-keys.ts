import { type Hex, keccak256, toHex } from 'viem';
import { batchHash } from '../../src/batch/header.js';
import { rulesHash } from '../../src/batch/rules.js';
import type { Rules } from '../../src/batch/types.js';
import { inverse, mod, R } from '../../src/bus/field.js';
import { keyBlob, keySetHash } from '../../src/proof/keys.js';
import { frozenOf, type Plan, withProofs } from '../../src/proof/parts.js';
import { encodeG1, encodeG2, G1, G2 } from '../../src/proof/points.js';
import { encodeRecord } from '../../src/proof/record.js';
import { transcript } from '../../src/proof/transcript.js';
import type { Bundle } from '../../src/proof/types.js';
import { fractionOf, statementOf } from '../../src/proof/verify.js';
import { l1Origins } from './bundles.js';

/** A scalar that follows from `name`. */
const scalar = (name: string): bigint => BigInt(keccak256(toHex(name))) % R;

/** Keys whose trapdoors are known: real pairings, of proofs that anybody can forge. */
export type OpenKeys = Awaited<ReturnType<typeof openKeys>>;

/** Open keys of `count` shapes for the rules. */
export async function openKeys(count: number, rules: Rules) {
  const g1 = (x: bigint): Hex => encodeG1(G1.BASE.multiplyUnsafe(mod(x)));
  const g2 = (x: bigint): Hex => encodeG2(G2.BASE.multiplyUnsafe(mod(x)));
  const [alpha, beta] = [scalar('alpha'), scalar('beta')];
  const trapdoors = Array.from({ length: count }, (_, i) => ({
    ic: [0, 1, 2, 3].map((k) => scalar(`ic ${i} ${k}`)) as [bigint, bigint, bigint, bigint],
    gamma2: scalar(`gamma ${i}`),
    delta: scalar(`delta ${i}`),
  }));
  const shared = { alpha1: g1(alpha), beta2: g2(beta) };
  const shapes = trapdoors.map(({ ic: [a, b, c, d], gamma2, delta }) => ({
    key: { ic: [g1(a), g1(b), g1(c), g1(d)] as const, gamma2: g2(gamma2), delta: g2(delta) },
  }));
  const hash = rulesHash(rules);
  const blob = keyBlob(
    shared,
    hash,
    shapes.map(({ key }) => key),
  );
  return {
    ...{ rules, g1, g2, alpha, beta, trapdoors, shapes },
    ...shared,
    blob,
    hash: keySetHash(blob),
    rulesHash: hash,
  };
}

/** What a forged bundle has beside its parts: all but keys and parts. */
export type Unforged = Omit<Bundle, 'keySetHash' | 'rulesHash' | 'parts'>;

/**
 * A bundle with proofs that hold and balance, of the given shapes, whatever its tables say.
 * @param off what the bus is left with
 * @param truth the statement from which the mirror makes L1's tuples, where it would refuse a lying one
 */
export function forgeBundle(
  keys: OpenKeys,
  unforged: Unforged,
  plan: Plan,
  shapes: readonly number[],
  off = 0n,
  truth = unforged,
): Bundle {
  const bundle = { ...unforged, keySetHash: keys.hash, rulesHash: keys.rulesHash, parts: plan.parts };
  const d = shapes.map((_, i) => scalar(`d ${i}`));
  const commitments = shapes.map((shape, i) => ({ shape, D: keys.g1(d[i]!) }));
  const statement = statementOf(bundle, batchHash(bundle.header));
  const { challenge } = transcript(bundle, statement, frozenOf(plan, commitments));
  const terms = l1Origins({ ...bundle, ...truth, parts: plan.parts }, keys.rules).flatMap((origin) => origin.terms);
  const { num, den } = fractionOf(terms, challenge);
  const sums = shapes.map((_, i) => scalar(`sum ${i}`));
  sums[0] = mod(sums[0]! + off - num * inverse(den) - sums.reduce((x, y) => x + y, 0n));
  const records = shapes.map((shape, i) => {
    const { ic, gamma2, delta } = keys.trapdoors[shape]!;
    const [a, b] = [scalar(`a ${i}`), scalar(`b ${i}`)];
    const x = ic[0] + sums[i]! * ic[1] + challenge.alpha * ic[2] + challenge.beta * ic[3];
    const c = mod((a * b - keys.alpha * keys.beta - x - d[i]! * gamma2) * inverse(delta));
    return encodeRecord({ shape, D: commitments[i]!.D, sum: sums[i]!, A: keys.g1(a), B: keys.g2(b), C: keys.g1(c) });
  });
  return { ...bundle, parts: withProofs(plan, records) };
}
