import type { Hex } from 'viem';

/** `value` as exactly `length` big-endian bytes; it must fit. */
export function bigintToBytes(value: bigint, length: number): Uint8Array {
  return Uint8Array.from(Buffer.from(value.toString(16).padStart(2 * length, '0'), 'hex'));
}

/** Big-endian bytes as an integer, 0 for none. */
export function bytesToBigint(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(toHex(bytes));
}

/** Lower-case 0x-hex of bytes. */
export function toHex(bytes: Uint8Array): Hex {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`;
}

/** The bytes of even-length 0x-hex. */
export function fromHex(hex: Hex): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.slice(2), 'hex'));
}

/** How many bytes even-length 0x-hex stands for. */
export function byteLength(hex: Hex): number {
  return (hex.length - 2) / 2;
}

/** `value` as a 32-byte word. */
export function word(value: bigint): Hex {
  return `0x${value.toString(16).padStart(64, '0')}`;
}
