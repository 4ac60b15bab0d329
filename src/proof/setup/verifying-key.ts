import { readR1cs } from '../../build/r1cs.js';
import { fromLittleEndian } from '../../bus/little-endian.js';
import { Kernel, WORD } from '../../engine/kernel.js';
import { KeyError } from '../../errors/proof.js';
import { encodeG1, encodeG2, G1, G2 } from '../points.js';
import type { SharedKey, VerifyingKey } from '../types.js';
import { Qap } from './qap.js';
import type { PartInput } from './sections.js';
import { developmentTrapdoors } from './seeds.js';

/** What a development key says to a verifier. */
export interface VerifyingPart extends VerifyingKey, SharedKey {
  /** Size of the evaluation domain, a power of two. */
  readonly domain: number;
}

/**
 * The verifying part of a development key, equal to that of the whole key (`sections.ts`), without its hundreds of thousands of points:
 * whoever proves makes that, and compares.
 * @throws KeyError `KEY_DEGENERATE` when the commitment would not bind a wire
 */
export async function verifyingPart({ r1cs: path, committed, seed }: VerifyingInput): Promise<VerifyingPart> {
  const r1cs = await readR1cs(path);
  const trapdoors = developmentTrapdoors(seed);
  const { tau, alpha, beta, delta, gamma2 } = trapdoors;
  const kernel = new Kernel();
  const qap = new Qap(kernel, r1cs, tau);
  const { at, count } = qap.combined(trapdoors, 0, r1cs.publics + 1 + committed);
  const scalars = Buffer.from(kernel.view(at, WORD * count));
  const combined = (wire: number) => fromLittleEndian(scalars, WORD * wire);
  const unbound = Array.from({ length: committed }, (_, i) => i).find((i) => combined(r1cs.publics + 1 + i) === 0n);
  if (unbound !== undefined) {
    throw new KeyError('KEY_DEGENERATE', `Commitment base ${unbound} of ${path} is infinity: it would not bind it.`);
  }
  const inG1 = (x: bigint) => encodeG1(G1.BASE.multiplyUnsafe(x));
  const inG2 = (x: bigint) => encodeG2(G2.BASE.multiplyUnsafe(x));
  return {
    ...{ alpha1: inG1(alpha), beta2: inG2(beta), gamma2: inG2(gamma2), delta: inG2(delta) },
    ic: [inG1(combined(0)), inG1(combined(1)), inG1(combined(2)), inG1(combined(3))],
    domain: 2 ** qap.power,
  };
}

/** A shape's circuit and the name of its trapdoors, as sent to the child process. */
export type VerifyingInput = Pick<PartInput, 'r1cs' | 'committed' | 'seed'>;
