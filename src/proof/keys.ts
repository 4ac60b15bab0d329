import type { Bytes, Curve } from 'ffjavascript';
import { concat, type Hex, keccak256, size, slice } from 'viem';
import { KeyError } from '../errors/proof.js';
import { readSectionsOf } from './binfile.js';
import { encodeG1, encodeG2 } from './points.js';

/** What a verifier needs of one shape; points in EIP-196/197 bytes, G2 points not negated. */
export interface VerifyingKey {
  /** Constant, sum, alpha, beta. */
  readonly ic: readonly [Hex, Hex, Hex, Hex];
  readonly gamma2: Hex;
  readonly delta: Hex;
}

/** The points that all shapes share. */
export interface SharedKey {
  readonly alpha1: Hex;
  readonly beta2: Hex;
}

/** What is read from a zkey: verifying parts, and sizes. */
export interface ZkeyHeader extends VerifyingKey, SharedKey {
  readonly domain: number;
  /** Number of commitment bases. */
  readonly committed: number;
}

const G1 = 64;
const G2 = 128;
const SECTION_HEADER = 2;
const SECTION_IC = 3;
/** Ours, unknown to snarkjs: commitment bases K, then [gamma2]_2. */
const SECTION_COMMITMENT = 20;

/** The commitment bases of a zkey as affine points in the curve library's bytes. */
export async function readCommitmentBases(zkey: string): Promise<Buffer> {
  const [section] = (await readSectionsOf(zkey, 'zkey', [SECTION_COMMITMENT])) as [Buffer];
  return section.subarray(0, section.length - G2);
}

/**
 * The verifying parts of a zkey.
 * @throws KeyError `KEY_FORMAT`; `KEY_DEGENERATE` when gamma is not 1 or a commitment base is infinity (every committed
 * wire is used by a constraint, so an infinite base means a wire that the commitment does not bind)
 */
export async function readZkey(curve: Curve, zkey: string): Promise<ZkeyHeader> {
  const [header, ic, commitment] = (await readSectionsOf(zkey, 'zkey', [
    SECTION_HEADER,
    SECTION_IC,
    SECTION_COMMITMENT,
  ])) as [Buffer, Buffer, Buffer];
  if (ic.length !== 4 * G1)
    throw new KeyError('KEY_FORMAT', `${zkey} has ${ic.length / G1 - 1} public signals, not 3.`);
  let at = 72; // u32 and q, u32 and r
  const domain = header.readUInt32LE(at + 8);
  at += 12;
  const next = (bytes: number): Bytes => {
    at += bytes;
    return new Uint8Array(header.subarray(at - bytes, at));
  };
  const [alpha1, , beta2, gamma] = [next(G1), next(G1), next(G2), next(G2)];
  next(G1);
  const delta = next(G2);
  if (!curve.G2.eq(gamma!, curve.G2.g)) throw new KeyError('KEY_DEGENERATE', `gamma of ${zkey} is not 1.`);
  const committed = (commitment.length - G2) / G1;
  for (let i = 0; i < committed; i++) {
    if (commitment.subarray(i * G1, i * G1 + G1).some((byte) => byte !== 0)) continue;
    throw new KeyError(
      'KEY_DEGENERATE',
      `Commitment base ${i} of ${zkey} is infinity: the commitment would not bind it.`,
    );
  }
  const icPoint = (i: number) => encodeG1(curve, new Uint8Array(ic.subarray(i * G1, i * G1 + G1)));
  return {
    alpha1: encodeG1(curve, alpha1!),
    beta2: encodeG2(curve, beta2!),
    ic: [icPoint(0), icPoint(1), icPoint(2), icPoint(3)],
    gamma2: encodeG2(curve, new Uint8Array(commitment.subarray(committed * G1))),
    delta: encodeG2(curve, delta),
    domain,
    committed,
  };
}

/** -Q of a G2 point in EIP-197 bytes. */
export function negateG2(curve: Curve, point: Hex): Hex {
  const [x1, x0, y1, y0] = [0, 1, 2, 3].map((i) => BigInt(slice(point, 32 * i, 32 * i + 32)));
  return encodeG2(
    curve,
    curve.G2.neg(
      curve.G2.fromObject([
        [x0, x1],
        [y0, y1],
        [1n, 0n],
      ]),
    ),
  );
}

/** FORMATS.md, "Key set": the bytes that the verifier's data contract holds. */
export function keyBlob(curve: Curve, shared: SharedKey, shapes: readonly VerifyingKey[]): Hex {
  return concat([
    shared.alpha1,
    negateG2(curve, shared.beta2),
    ...shapes.flatMap(({ ic, gamma2, delta }) => [...ic, negateG2(curve, gamma2), negateG2(curve, delta)]),
  ]);
}

/** FORMATS.md, "Key set": the code hash of the data contract. */
export function keySetHash(blob: Hex): Hex {
  return keccak256(concat(['0x00', blob]));
}

/**
 * Refuses keys under which proofs can be forged: a gamma2 or delta that is infinity, equal to [1]_2 (a zkey without
 * contribution) or to another one of the set, all up to sign: any known ratio between trapdoors is as bad as equality.
 * @throws KeyError `KEY_DEGENERATE`
 */
export function assertSound(curve: Curve, shapes: readonly (VerifyingKey & { readonly name: string })[]): void {
  const one = encodeG2(curve, curve.G2.g);
  const seen = new Map<Hex, string>([
    [one, '[1]_2'],
    [negateG2(curve, one), '-[1]_2'],
  ]);
  for (const { name, gamma2, delta } of shapes) {
    for (const [role, point] of Object.entries({ gamma2, delta })) {
      const what = `${role} of shape ${name}`;
      if (size(point) !== G2 || BigInt(point) === 0n) throw new KeyError('KEY_DEGENERATE', `${what} is infinity.`);
      const twin = seen.get(point);
      if (twin !== undefined) throw new KeyError('KEY_DEGENERATE', `${what} equals ${twin}: proofs could be forged.`);
      seen.set(point, what);
      seen.set(negateG2(curve, point), `minus ${what}`);
    }
  }
}
