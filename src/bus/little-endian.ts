const MASK64 = 0xffffffffffffffffn;

/** Writes x < 2^256 as 32 little-endian bytes at `offset`. */
export function littleEndian(x: bigint, target: Buffer, offset = 0): void {
  for (let i = 0, rest = x; i < 4; i++, rest >>= 64n) target.writeBigUInt64LE(rest & MASK64, offset + 8 * i);
}

/** The inverse of {@link littleEndian}. */
export function fromLittleEndian(source: Buffer, offset = 0): bigint {
  let x = 0n;
  for (let i = 3; i >= 0; i--) x = (x << 64n) | source.readBigUInt64LE(offset + 8 * i);
  return x;
}

/** 32 little-endian bytes per value. */
export function littleEndianAll(values: readonly bigint[]): Buffer {
  const bytes = Buffer.allocUnsafe(32 * values.length);
  for (const [i, value] of values.entries()) littleEndian(value, bytes, 32 * i);
  return bytes;
}
