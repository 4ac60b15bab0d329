import type { Hex } from 'viem';

/** JSON-RPC's form of an integer. */
export function quantity(value: bigint | number): Hex {
  return `0x${value.toString(16)}`;
}
