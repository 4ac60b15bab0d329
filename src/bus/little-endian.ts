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

/** 32 little-endian bytes per value below 2^256. Most cells of rows are small: these take no arithmetic. */
export function littleEndianAll(values: readonly bigint[]): Buffer {
  const bytes = Buffer.alloc(32 * values.length);
  for (const [i, value] of values.entries()) {
    if (value <= MASK64) bytes.writeBigUInt64LE(value, 32 * i);
    else littleEndian(value, bytes, 32 * i);
  }
  return bytes;
}
