import { createHash } from 'node:crypto';
import { bigintToBytes, bytesToBigint } from '../batch/bytes.js';
import type { Bytes } from './codec.js';

/**
 * What binds a batch's record to its change set and to all batches before it. LevelDB drops what is damaged in its log and keeps what
 * was written later, and it does not check what it reads from its tables: a seal that does not follow the one before it is how a
 * missing, an old or a changed record is noticed.
 */
export interface Seal {
  /** Seal hash of the batch before; of the genesis (number 0) its hash. */
  readonly previous: Bytes;
  /** sha256 of the batch's change set. */
  readonly changes: Bytes;
  /** How often batches after this one were taken back: what follows binds that too. */
  readonly reverts: bigint;
  /** sha256 of the number, all of the above and the record. */
  readonly hash: Bytes;
}

/** A seal with the record that it is of; no bytes for the genesis. */
export interface Sealed {
  readonly seal: Seal;
  readonly record: Bytes;
}

/** The newest batch, the oldest one whose state can be opened, and the newest seal's hash. */
export interface Head {
  readonly number: bigint;
  readonly oldest: bigint;
  readonly seal: Bytes;
}

/** Changes of the genesis and of nothing. */
export const NO_CHANGES: Bytes = new Uint8Array(0);

const HASH = 32;
const PREFIX_BYTES = HASH + HASH + 8 + HASH;
const HEAD_BYTES = 8 + 8 + HASH;

export function sha256(...parts: readonly Bytes[]): Bytes {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** Seals a record. */
export function seal(number: bigint, { previous, changes, reverts }: Omit<Seal, 'hash'>, record: Bytes): Sealed {
  const hash = sha256(bigintToBytes(number, 8), previous, changes, bigintToBytes(reverts, 8), record);
  return { seal: { previous, changes, reverts, hash }, record };
}

/** previous 32 ‖ changes 32 ‖ reverts u64 ‖ hash 32 ‖ record */
export function encodeSealed({ seal: { previous, changes, reverts, hash }, record }: Sealed): Bytes {
  return Buffer.concat([previous, changes, bigintToBytes(reverts, 8), hash, record]);
}

/** The inverse of {@link encodeSealed}; `undefined` when the bytes are not what was sealed as this number. */
export function decodeSealed(number: bigint, bytes: Bytes): Sealed | undefined {
  if (bytes.length < PREFIX_BYTES) return undefined;
  const sealed = seal(
    number,
    {
      previous: bytes.subarray(0, HASH),
      changes: bytes.subarray(HASH, 2 * HASH),
      reverts: bytesToBigint(bytes.subarray(2 * HASH, 2 * HASH + 8)),
    },
    bytes.subarray(PREFIX_BYTES),
  );
  return same(sealed.seal.hash, bytes.subarray(PREFIX_BYTES - HASH, PREFIX_BYTES)) ? sealed : undefined;
}

/** number u64 ‖ oldest u64 ‖ seal 32 ‖ sha256 of these */
export function encodeHead({ number, oldest, seal }: Head): Bytes {
  const bytes = Buffer.concat([bigintToBytes(number, 8), bigintToBytes(oldest, 8), seal]);
  return Buffer.concat([bytes, sha256(bytes)]);
}

/** The inverse of {@link encodeHead}; `undefined` for other bytes. */
export function decodeHead(bytes: Bytes): Head | undefined {
  const body = bytes.subarray(0, HEAD_BYTES);
  if (!same(sha256(body), bytes.subarray(HEAD_BYTES))) return undefined;
  const [number, oldest] = [bytesToBigint(body.subarray(0, 8)), bytesToBigint(body.subarray(8, 16))];
  return { number, oldest, seal: body.subarray(16) };
}

export function same(a: Bytes, b: Bytes): boolean {
  return Buffer.compare(a, b) === 0;
}
