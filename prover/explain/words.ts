import { type Hex, numberToHex } from 'viem';

/** A hash or root as 0x and 64 digits. */
export function hex32(value: bigint): Hex {
  return numberToHex(value, { size: 32 });
}
