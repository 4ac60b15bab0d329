import type { Hex } from 'viem';

/** A stored state's name: number and hash of its batch. */
export function nameOf(number: bigint, hash: Hex): Hex {
  return `0x${number.toString(16).padStart(16, '0')}${hash.slice(2)}`;
}

/** The number in it. */
export function numberOf(name: Hex): bigint {
  return BigInt(name.slice(0, 18));
}

/** The hash in it. */
export function hashOf(name: Hex): Hex {
  return `0x${name.slice(18)}`;
}
