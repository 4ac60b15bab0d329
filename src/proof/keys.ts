import { concat, type Hex, keccak256, size, slice } from 'viem';
import { readHeadOf, readSectionsOf } from '../build/binfile.js';
import { POINT } from '../engine/points.js';
import { readZkeyHead, ZKEY_SECTION } from '../engine/zkey.js';
import { KeyError } from '../errors/proof.js';
import { g1FromMontgomery, g2FromMontgomery, negateG2, ONE_G1, ONE_G2 } from './points.js';
import type { SharedKey, VerifyingKey } from './types.js';

/** What is read from a zkey: verifying parts, and sizes. */
export interface ZkeyHeader extends VerifyingKey, SharedKey {
  readonly domain: number;
  /** Number of commitment bases. */
  readonly committed: number;
}

/** Bytes of a point of G1 and of G2. */
export const { g1: G1, g2: G2 } = POINT;
/** Bytes of a key set's head: alpha1, -beta2, rulesHash. */
export const HEAD = G1 + G2 + 32;
/** Bytes of a shape in a key set: IC0 to IC3, -gamma2, -delta. */
export const SHAPE = 4 * G1 + 2 * G2;

/** The commitment bases of a zkey as affine points in the curve library's bytes. */
export async function readCommitmentBases(zkey: string): Promise<Buffer> {
  const [section] = (await readSectionsOf(zkey, 'zkey', [ZKEY_SECTION.K])) as [Buffer];
  return section.subarray(0, section.length - G2);
}

/**
 * The verifying parts of a zkey.
 * @throws KeyError `KEY_FORMAT`; `KEY_DEGENERATE` when gamma is not 1, when a commitment base is infinity (every committed
 * wire is used by a constraint, so an infinite base means a wire that the commitment does not bind), or when a committed wire has
 * a point under delta too (then C could change what D has committed to, after the challenge)
 */
export async function readZkey(zkey: string): Promise<ZkeyHeader> {
  const { domain, alpha1, beta2, gamma2: gamma, delta2: delta } = await readZkeyHead(zkey);
  const sections = [ZKEY_SECTION.ic, ZKEY_SECTION.K];
  const [ic, commitment] = (await readSectionsOf(zkey, 'zkey', sections)) as [Buffer, Buffer];
  if (ic.length !== 4 * G1)
    throw new KeyError('KEY_FORMAT', `${zkey} has ${ic.length / G1 - 1} public signals, not 3.`);
  if (g2FromMontgomery(gamma) !== ONE_G2) throw new KeyError('KEY_DEGENERATE', `gamma of ${zkey} is not 1.`);
  const committed = (commitment.length - G2) / G1;
  for (let i = 0; i < committed; i++) {
    if (commitment.subarray(i * G1, i * G1 + G1).some((byte) => byte !== 0)) continue;
    throw new KeyError(
      'KEY_DEGENERATE',
      `Commitment base ${i} of ${zkey} is infinity: the commitment would not bind it.`,
    );
  }
  // Of the wires behind the public ones the committed ones come first.
  const underDelta = await readHeadOf(zkey, 'zkey', ZKEY_SECTION.C, committed * G1);
  if (!underDelta.equals(Buffer.alloc(underDelta.length))) {
    const wire = Math.floor(underDelta.findIndex((byte) => byte !== 0) / G1);
    throw new KeyError(
      'KEY_DEGENERATE',
      `Committed wire ${wire} of ${zkey} has a point under delta: the commitment would not bind it.`,
    );
  }
  const icPoint = (i: number) => g1FromMontgomery(ic.subarray(i * G1, i * G1 + G1));
  return {
    alpha1: g1FromMontgomery(alpha1),
    beta2: g2FromMontgomery(beta2),
    ic: [icPoint(0), icPoint(1), icPoint(2), icPoint(3)],
    gamma2: g2FromMontgomery(commitment.subarray(committed * G1)),
    delta: g2FromMontgomery(delta),
    domain,
    committed,
  };
}

/** FORMATS.md, "Key set": the bytes that the verifier's data contract holds; `rulesHash` is that of the circuits' rules. */
export function keyBlob(shared: SharedKey, rulesHash: Hex, shapes: readonly VerifyingKey[]): Hex {
  return concat([
    shared.alpha1,
    negateG2(shared.beta2),
    rulesHash,
    ...shapes.flatMap(({ ic, gamma2, delta }) => [...ic, negateG2(gamma2), negateG2(delta)]),
  ]);
}

/** FORMATS.md, "Key set": the code hash of the data contract. */
export function keySetHash(blob: Hex): Hex {
  return keccak256(concat(['0x00', blob]));
}

/**
 * Refuses keys under which proofs can be forged, as L1's `KeySet` does, by the same bytes: a point that is infinity; an alpha that
 * is one; a beta, gamma2 or delta that is one or that another of them is, all up to sign (the same x coordinate). Any known ratio
 * between trapdoors is as bad as equality.
 * @param blob FORMATS.md, "Key set"
 * @param names of the shapes, for messages
 * @throws KeyError `KEY_FORMAT` when the blob is not a head and at least one shape (L1: `BadKeyLength`), `KEY_DEGENERATE`
 * (`DegenerateKey`)
 */
export function assertSound(blob: Hex, names: readonly string[] = []): void {
  const shapes = (size(blob) - HEAD) / SHAPE;
  if (shapes < 1 || !Number.isInteger(shapes)) {
    throw new KeyError('KEY_FORMAT', `A key set of ${size(blob)} bytes is not a head and at least one shape.`);
  }
  const at = (offset: number, length: number) => slice(blob, offset, offset + length);
  const seen = new Map<Hex, string>([[slice(ONE_G2, 0, 64), '[1]_2']]);
  const finite = (what: string, offset: number, length: number) => {
    if (BigInt(at(offset, length)) === 0n) throw new KeyError('KEY_DEGENERATE', `${what} is infinity.`);
  };
  const independent = (what: string, offset: number) => {
    finite(what, offset, G2);
    const x = at(offset, 64);
    const twin = seen.get(x);
    if (twin !== undefined) {
      throw new KeyError('KEY_DEGENERATE', `${what} is ${twin} or minus that: proofs could be forged.`);
    }
    seen.set(x, what);
  };
  finite('alpha', 0, G1);
  if (at(0, 32) === slice(ONE_G1, 0, 32)) {
    throw new KeyError('KEY_DEGENERATE', 'alpha is [1]_1 or minus that: proofs could be forged.');
  }
  independent('beta', G1);
  for (let shape = 0; shape < shapes; shape++) {
    const of = `of shape ${names[shape] ?? shape}`;
    const key = HEAD + shape * SHAPE;
    for (let i = 0; i < 4; i++) finite(`IC${i} ${of}`, key + i * G1, G1);
    independent(`gamma2 ${of}`, key + 4 * G1);
    independent(`delta ${of}`, key + 4 * G1 + G2);
  }
}
