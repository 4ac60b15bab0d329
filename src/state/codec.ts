import type { Address, Hex } from 'viem';
import { bigintToBytes, bytesToBigint, fromHex, toHex } from '../batch/bytes.js';
import { type Account, EMPTY_ACCOUNT, isEmptyAccount } from '../batch/types.js';

/**
 * Keys and values of the store. One letter says what a key is; state keys have a fixed length, so that iterating over
 * a letter yields ascending addresses and slots.
 *
 * | key | value |
 * |---|---|
 * | `a` address | nonce u64, balance 32, codeHash 32 |
 * | `s` address key | value 32 |
 * | `c` codeHash | code |
 * | `k` number u64 | the batch's change set: count u32, then per changed state key its length u8, key, and the values before and after: length u8 (0: absent), value |
 * | `b` number u64 | the batch's seal (seal.ts) and its record, JSON; of number 0 the genesis' seal alone |
 * | `m` name | format, genesis hash, head (seal.ts) |
 */
export const PREFIX = { account: 0x61, slot: 0x73, code: 0x63, changes: 0x6b, batch: 0x62, meta: 0x6d } as const;

/** Raw key or value. */
export type Bytes = Uint8Array;

/** One key of a change set with the values before and after the batch; no bytes: absent. */
export interface Change {
  readonly key: Bytes;
  readonly before: Bytes;
  readonly after: Bytes;
}

const ABSENT = new Uint8Array(0);

export function accountKey(address: Address): Bytes {
  return Buffer.concat([Uint8Array.of(PREFIX.account), fromHex(address)]);
}

export function slotKey(address: Address, key: Hex): Bytes {
  return Buffer.concat([Uint8Array.of(PREFIX.slot), fromHex(address), fromHex(key)]);
}

export function codeKey(hash: Hex): Bytes {
  return Buffer.concat([Uint8Array.of(PREFIX.code), fromHex(hash)]);
}

export function changesKey(number: bigint): Bytes {
  return Buffer.concat([Uint8Array.of(PREFIX.changes), bigintToBytes(number, 8)]);
}

export function batchKey(number: bigint): Bytes {
  return Buffer.concat([Uint8Array.of(PREFIX.batch), bigintToBytes(number, 8)]);
}

export function metaKey(name: 'format' | 'genesis' | 'head'): Bytes {
  return Buffer.concat([Uint8Array.of(PREFIX.meta), Buffer.from(name)]);
}

/** The address in an account's or a slot's key. */
export function addressOfKey(key: Bytes): Address {
  return toHex(key.subarray(1, 21));
}

/** The slot in a slot's key. */
export function slotOfKey(key: Bytes): Hex {
  return toHex(key.subarray(21, 53));
}

/** An account's value; no bytes for an empty account, which is absent. */
export function encodeAccount(account: Account): Bytes {
  if (isEmptyAccount(account)) return ABSENT;
  const { nonce, balance, codeHash } = account;
  return Buffer.concat([bigintToBytes(nonce, 8), bigintToBytes(balance, 32), fromHex(codeHash)]);
}

export function decodeAccount(value: Bytes): Account {
  if (value.length === 0) return EMPTY_ACCOUNT;
  return {
    nonce: bytesToBigint(value.subarray(0, 8)),
    balance: bytesToBigint(value.subarray(8, 40)),
    codeHash: toHex(value.subarray(40, 72)),
  };
}

/** A slot's value; no bytes for 0, which is absent. */
export function encodeSlot(value: bigint): Bytes {
  return value === 0n ? ABSENT : bigintToBytes(value, 32);
}

export function encodeChangeSet(changes: readonly Change[]): Bytes {
  const parts = changes.flatMap(({ key, before, after }) =>
    [key, before, after].flatMap((bytes) => [Uint8Array.of(bytes.length), bytes]),
  );
  return Buffer.concat([bigintToBytes(BigInt(changes.length), 4), ...parts]);
}

/** The change set in `bytes`; `undefined` when they are none. */
export function decodeChangeSet(bytes: Bytes): Change[] | undefined {
  const changes: Change[] = [];
  let at = 4;
  const next = () => {
    const start = at + 1;
    at = start + (bytes[at] ?? 0);
    return bytes.subarray(start, at);
  };
  while (at < bytes.length) changes.push({ key: next(), before: next(), after: next() });
  const whole = at === bytes.length && changes.length === Number(bytesToBigint(bytes.subarray(0, 4)));
  return whole ? changes : undefined;
}
