import { type Bytes, buildBn128, type Curve } from 'ffjavascript';
import { concat, type Hex, size, slice, toHex } from 'viem';

/** The field of the curve's coordinates. */
export const P = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;

let shared: Promise<Curve> | undefined;

/** BN254, single-threaded and shared by this process: it holds no threads, so nothing has to be ended. */
export function bn254(): Promise<Curve> {
  shared ??= buildBn128(true);
  return shared;
}

/** EIP-196 bytes x ‖ y of a point; infinity is zeros. */
export function encodeG1(curve: Curve, point: Bytes): Hex {
  if (curve.G1.isZero(point)) return toHex(0n, { size: 64 });
  const [x, y] = curve.G1.toObject(curve.G1.toAffine(point)) as [bigint, bigint];
  return concat([word(x), word(y)]);
}

/** EIP-197 bytes, imaginary parts first; infinity is zeros. */
export function encodeG2(curve: Curve, point: Bytes): Hex {
  if (curve.G2.isZero(point)) return toHex(0n, { size: 128 });
  const [x, y] = curve.G2.toObject(curve.G2.toAffine(point)) as [[bigint, bigint], [bigint, bigint]];
  return concat([word(x[1]), word(x[0]), word(y[1]), word(y[0])]);
}

/** A point from EIP-196 bytes; undefined when a coordinate is not below p or the point is not on the curve. */
export function decodeG1(curve: Curve, bytes: Hex): Bytes | undefined {
  const words = wordsOf(bytes, 2);
  if (words === undefined) return undefined;
  const [x, y] = words as [bigint, bigint];
  if (x === 0n && y === 0n) return curve.G1.zero;
  const point = curve.G1.fromObject([x, y, 1n]);
  return curve.G1.isValid(point) ? point : undefined;
}

/** A point from EIP-197 bytes; undefined as for G1, or when it is outside the subgroup of order r. */
export function decodeG2(curve: Curve, bytes: Hex): Bytes | undefined {
  const words = wordsOf(bytes, 4);
  if (words === undefined) return undefined;
  const [x1, x0, y1, y0] = words as [bigint, bigint, bigint, bigint];
  if (words.every((word) => word === 0n)) return curve.G2.zero;
  const point = curve.G2.fromObject([
    [x0, x1],
    [y0, y1],
    [1n, 0n],
  ]);
  if (!curve.G2.isValid(point)) return undefined;
  return curve.G2.isZero(curve.G2.timesScalar(point, curve.r)) ? point : undefined;
}

/** A snarkjs proof point (decimal strings, projective) as EIP-196 bytes. */
export function g1FromSnarkjs(curve: Curve, point: readonly string[]): Hex {
  return encodeG1(curve, curve.G1.fromObject(point.map(BigInt)));
}

/** A snarkjs proof point as EIP-197 bytes. */
export function g2FromSnarkjs(curve: Curve, point: readonly (readonly string[])[]): Hex {
  return encodeG2(curve, curve.G2.fromObject(point.map((pair) => pair.map(BigInt))));
}

/**
 * Whether the product of the pairings e(P_i, Q_i) is 1. Pairs with infinity contribute nothing, as in EIP-197.
 */
export function pairingsCancel(curve: Curve, pairs: readonly (readonly [g1: Bytes, g2: Bytes])[]): Promise<boolean> {
  const finite = pairs.filter(([a, b]) => !curve.G1.isZero(a) && !curve.G2.isZero(b));
  return finite.length === 0 ? Promise.resolve(true) : curve.pairingEq(...finite.flat());
}

function word(x: bigint): Hex {
  return toHex(x, { size: 32 });
}

/** The words of a byte string of exactly `count` words, all below p; else undefined. */
function wordsOf(bytes: Hex, count: number): bigint[] | undefined {
  if (size(bytes) !== 32 * count) return undefined;
  const words = Array.from({ length: count }, (_, i) => BigInt(slice(bytes, 32 * i, 32 * i + 32)));
  return words.every((x) => x < P) ? words : undefined;
}
