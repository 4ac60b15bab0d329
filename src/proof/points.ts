import { bn254 } from '@noble/curves/bn254.js';
import { concat, type Hex, size, slice, toHex } from 'viem';

/** The field of the curve's coordinates. */
export const P = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;

/** BN254's groups, by @noble/curves: for the points of keys and proofs. What takes thousands of points has an engine. */
export const G1 = bn254.G1.Point;
export const G2 = bn254.G2.Point;
/** A point of G1, infinity included. */
export type G1Point = typeof G1.BASE;
/** A point of the twist; of {@link decodeG2}: of the subgroup of order r. */
export type G2Point = typeof G2.BASE;

/** EIP-196 bytes x ‖ y of a point; infinity is zeros. */
export function encodeG1(point: G1Point): Hex {
  if (point.is0()) return toHex(0n, { size: 64 });
  const { x, y } = point.toAffine();
  return words(x, y);
}

/** EIP-197 bytes, imaginary parts first; infinity is zeros. */
export function encodeG2(point: G2Point): Hex {
  if (point.is0()) return toHex(0n, { size: 128 });
  const { x, y } = point.toAffine();
  return words(x.c1, x.c0, y.c1, y.c0);
}

/** Bytes of the generators [1]_1 and [1]_2. */
export const [ONE_G1, ONE_G2] = [encodeG1(G1.BASE), encodeG2(G2.BASE)];

/** A point from EIP-196 bytes; undefined when a coordinate is not below p or the point is not on the curve. */
export function decodeG1(bytes: Hex): G1Point | undefined {
  const [x, y] = wordsOf(bytes, 2) ?? [];
  if (x === undefined || y === undefined) return undefined;
  if (x === 0n && y === 0n) return G1.ZERO;
  return valid(() => G1.fromAffine({ x, y }));
}

/** A point from EIP-197 bytes; undefined as for G1, or when it is outside the subgroup of order r. */
export function decodeG2(bytes: Hex): G2Point | undefined {
  const point = readG2(bytes);
  return point && (point.is0() ? point : valid(() => point));
}

/**
 * A point from EIP-197 bytes, unless a coordinate is not below p or y is 0: of a key, whose points were checked where it came from (its artifact's hash, or
 * `parseKeys`). What {@link decodeG2} checks takes longer than a pairing.
 */
export function readG2(bytes: Hex): G2Point | undefined {
  const [x1, x0, y1, y0] = wordsOf(bytes, 4) ?? [];
  if (x1 === undefined || x0 === undefined || y1 === undefined || y0 === undefined) return undefined;
  if ([x1, x0, y1, y0].every((word) => word === 0n)) return G2.ZERO;
  const { Fp2 } = bn254.fields;
  return made(() => G2.fromAffine({ x: Fp2.create({ c0: x0, c1: x1 }), y: Fp2.create({ c0: y0, c1: y1 }) }));
}

/** -Q of a G2 point in EIP-197 bytes. */
export function negateG2(point: Hex): Hex {
  const [x1, x0, y1, y0] = [0, 1, 2, 3].map((i) => BigInt(slice(point, 32 * i, 32 * i + 32))) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  const minus = (y: bigint) => (P - (y % P)) % P;
  return words(x1, x0, minus(y1), minus(y0));
}

/** A snarkjs proof point (decimal strings, affine: the third is 1, of infinity 0) as EIP-196 bytes. */
export function g1FromSnarkjs([x, y, z]: readonly string[]): Hex {
  return BigInt(z!) === 0n ? words(0n, 0n) : words(BigInt(x!), BigInt(y!));
}

/** A snarkjs proof point as EIP-197 bytes. */
export function g2FromSnarkjs([x, y, z]: readonly (readonly string[])[]): Hex {
  const [[x0, x1], [y0, y1]] = [x!, y!].map((pair) => pair.map(BigInt)) as [[bigint, bigint], [bigint, bigint]];
  return z!.every((part) => BigInt(part) === 0n) ? words(0n, 0n, 0n, 0n) : words(x1, x0, y1, y0);
}

/** A proof as snarkjs and rapidsnark write it. */
interface SnarkjsProof {
  readonly pi_a: readonly string[];
  readonly pi_b: readonly (readonly string[])[];
  readonly pi_c: readonly string[];
}

/** Its points as L1 reads them. */
export function proofFromSnarkjs({ pi_a, pi_b, pi_c }: SnarkjsProof): Record<'A' | 'B' | 'C', Hex> {
  return { A: g1FromSnarkjs(pi_a), B: g2FromSnarkjs(pi_b), C: g1FromSnarkjs(pi_c) };
}

/** 1/2^256 mod p: zkeys and ffjavascript hold coordinates times 2^256. */
const UNSHIFT = bn254.fields.Fp.inv(2n ** 256n % P);

/** EIP-196 bytes of a point (64 bytes, affine, little-endian, Montgomery form with 2^256; infinity is zeros) of a zkey or of ffjavascript. */
export function g1FromMontgomery(bytes: Uint8Array): Hex {
  const [x, y] = plain(bytes);
  return words(x!, y!);
}

/** EIP-197 bytes of a point (128 bytes, real parts first) of a zkey or of ffjavascript. */
export function g2FromMontgomery(bytes: Uint8Array): Hex {
  const [x0, x1, y0, y1] = plain(bytes);
  return words(x1!, x0!, y1!, y0!);
}

/**
 * Whether the product of the pairings e(P_i, Q_i) is 1. Pairs with infinity contribute nothing, as in EIP-197.
 * @param pairs of points that were checked: on their curves, and of order r
 */
export function pairingsCancel(pairs: readonly (readonly [g1: G1Point, g2: G2Point])[]): boolean {
  // Not `pairingBatch`: it checks every point once more, which takes as long as the pairings.
  const loops = pairs
    .filter(([a, b]) => !a.is0() && !b.is0())
    .map(([a, b]): Parameters<typeof bn254.millerLoopBatch>[0][number] => {
      const { x, y } = a.toAffine();
      return [bn254.utils.calcPairingPrecomputes(b), x, y];
    });
  const { Fp12 } = bn254.fields;
  return Fp12.eql(Fp12.finalExponentiate(bn254.millerLoopBatch(loops)), Fp12.ONE);
}

/**
 * A point on the curve and of order r, else undefined. Of G2 it checks the order by psi(Q) = [t - 1]Q: psi^2 - t psi + p is 0
 * on the twist, so [(t - 1)^2 - t(t - 1) + p]Q = [p + 1 - t]Q = [r]Q is infinity.
 */
function valid<T extends G1Point | G2Point>(make: () => T): T | undefined {
  return made(() => {
    const point = make();
    point.assertValidity();
    return point;
  });
}

/** What the library makes, undefined when it throws. */
function made<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

function words(...values: readonly bigint[]): Hex {
  return concat(values.map((x) => toHex(x, { size: 32 })));
}

/** The words of a byte string of exactly `count` words, all below p; else undefined. */
function wordsOf(bytes: Hex, count: number): bigint[] | undefined {
  if (size(bytes) !== 32 * count) return undefined;
  const found = Array.from({ length: count }, (_, i) => BigInt(slice(bytes, 32 * i, 32 * i + 32)));
  return found.every((x) => x < P) ? found : undefined;
}

function plain(bytes: Uint8Array): bigint[] {
  return Array.from({ length: bytes.length / 32 }, (_, i) => {
    const word = Buffer.from(bytes.subarray(32 * i, 32 * i + 32)).reverse();
    return (BigInt(`0x${word.toString('hex')}`) * UNSHIFT) % P;
  });
}
