import { SECP256K1_ORDER } from '@ethereumjs/util';
import { type Address, keccak256 } from 'viem';
import { bigintToBytes } from './bytes.js';
import { recoverPublicKey } from './secp256k1.js';

/** n / 2 of secp256k1, rounded down: the greatest s that EIP-2 allows. */
export const MAX_S = SECP256K1_ORDER / 2n;

/**
 * The address that signed `hash`, or `undefined` where the precompile ECRECOVER answers with empty output: r or s
 * outside [1, n), no curve point with x = r, or the recovered point is infinity. s above n/2 is not refused here.
 */
export function recoverSender(hash: Uint8Array, yParity: 0 | 1, r: bigint, s: bigint): Address | undefined {
  const publicKey = recoverKey(hash, yParity, r, s);
  return publicKey === undefined ? undefined : `0x${keccak256(publicKey).slice(26)}`;
}

/** Twice the candidates that a node offers to a batch, so that a transaction is recovered once from its arrival to its replay. */
const MAX_KNOWN = 4_096;
const known = new Map<string, Uint8Array>();

/**
 * {@link recoverSender}'s public key (x and y, 64 bytes). The last {@link MAX_KNOWN} keys are kept, each under all that it depends on,
 * so that a kept answer is the answer.
 */
export function recoverKey(hash: Uint8Array, yParity: 0 | 1, r: bigint, s: bigint): Uint8Array | undefined {
  if (r === 0n || s === 0n || r >= SECP256K1_ORDER || s >= SECP256K1_ORDER) return undefined;
  const [rBytes, sBytes] = [bigintToBytes(r, 32), bigintToBytes(s, 32)];
  const name = Buffer.concat([hash, rBytes, sBytes, Uint8Array.of(yParity)]).toString('latin1');
  const kept = known.get(name);
  if (kept !== undefined) return kept;
  const publicKey = recoverPublicKey(hash, yParity, rBytes, sBytes);
  if (publicKey === undefined) return undefined;
  if (known.size === MAX_KNOWN) known.delete(known.keys().next().value!);
  known.set(name, publicKey);
  return publicKey;
}
