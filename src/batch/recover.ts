import { ecrecover, SECP256K1_ORDER } from '@ethereumjs/util';
import { type Address, keccak256 } from 'viem';
import { bigintToBytes } from './bytes.js';

/** n / 2 of secp256k1, rounded down: the greatest s that EIP-2 allows. */
export const MAX_S = SECP256K1_ORDER / 2n;

/**
 * The address that signed `hash`, or `undefined` where the precompile ECRECOVER answers with empty output: r or s
 * outside [1, n), no curve point with x = r, or the recovered point is infinity. s above n/2 is not refused here.
 */
export function recoverSender(hash: Uint8Array, yParity: 0 | 1, r: bigint, s: bigint): Address | undefined {
  if (r === 0n || s === 0n || r >= SECP256K1_ORDER || s >= SECP256K1_ORDER) return undefined;
  let publicKey: Uint8Array;
  try {
    publicKey = ecrecover(hash, BigInt(yParity), bigintToBytes(r, 32), bigintToBytes(s, 32));
  } catch {
    return undefined; // the ranges hold, so what is left is: x is not on the curve, or the point at infinity
  }
  return `0x${keccak256(publicKey).slice(26)}`;
}
