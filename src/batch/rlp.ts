/**
 * A strict reader and a writer for RLP (Ethereum yellow paper, appendix B). The reader accepts canonical encodings only
 * (FORMATS.md, "Transactions", 2) and is total: it answers `undefined`, and throws for no input. `OpenZeppelin`'s and
 * `@ethereumjs/rlp`'s readers each tolerate other non-canonical forms, so neither can define what a transaction is.
 */

import { bytesToBigint } from './bytes.js';

/** One RLP item inside a byte array: its header starts at `start`, its payload is [`from`, `to`). */
export interface RlpItem {
  readonly isList: boolean;
  readonly start: number;
  readonly from: number;
  readonly to: number;
}

const SHORT = 55;

/** The item whose header stands at `start`, ending at `end` at the latest; `undefined` when it is not canonical. */
export function readRlpItem(bytes: Uint8Array, start: number, end: number): RlpItem | undefined {
  const first = bytes[start];
  if (first === undefined || start >= end) return undefined;
  if (first < 0x80) return { isList: false, start, from: start, to: start + 1 };
  const isList = first >= 0xc0;
  const tag = first - (isList ? 0xc0 : 0x80);
  const lengthBytes = tag > SHORT ? tag - SHORT : 0;
  const from = start + 1 + lengthBytes;
  const length = lengthBytes === 0 ? tag : longLength(bytes.subarray(start + 1, from), lengthBytes, end);
  if (length === undefined || from + length > end) return undefined;
  if (!isList && length === 1 && (bytes[from] ?? 0) < 0x80) return undefined;
  return { isList, start, from, to: from + length };
}

/** A long form's length: no leading zero, above 55. A length above `end` cannot fit, so it is given up early. */
function longLength(digits: Uint8Array, count: number, end: number): number | undefined {
  if (digits.length < count || digits[0] === 0) return undefined;
  let length = 0;
  for (const digit of digits) {
    length = length * 256 + digit;
    if (length > end) return undefined;
  }
  return length > SHORT ? length : undefined;
}

/** The items of a list, which fill its payload exactly; `undefined` when `item` is no list or one is not canonical. */
export function readRlpList(bytes: Uint8Array, item: RlpItem): RlpItem[] | undefined {
  if (!item.isList) return undefined;
  const items: RlpItem[] = [];
  for (let at = item.from; at < item.to; ) {
    const next = readRlpItem(bytes, at, item.to);
    if (next === undefined) return undefined;
    items.push(next);
    at = next.to;
  }
  return items;
}

/** A string item's unsigned integer of at most `maxBytes` bytes; `undefined` when too long or with a leading zero. */
export function readRlpUint(bytes: Uint8Array, item: RlpItem, maxBytes: number): bigint | undefined {
  const length = item.to - item.from;
  if (item.isList || length > maxBytes || (length > 0 && bytes[item.from] === 0)) return undefined;
  return bytesToBigint(bytes.subarray(item.from, item.to));
}

/** RLP of a byte string. */
export function rlpBytes(payload: Uint8Array): Uint8Array {
  if (payload.length === 1 && (payload[0] ?? 0) < 0x80) return payload;
  return concat([header(0x80, payload.length), payload]);
}

/** RLP of a non-negative integer: its shortest big-endian bytes. */
export function rlpUint(value: bigint): Uint8Array {
  return rlpBytes(uintBytes(value));
}

/** RLP of a list of items that are encoded already. */
export function rlpList(items: readonly Uint8Array[]): Uint8Array {
  const payload = concat(items);
  return concat([header(0xc0, payload.length), payload]);
}

function header(base: number, length: number): Uint8Array {
  if (length <= SHORT) return Uint8Array.of(base + length);
  const digits = uintBytes(BigInt(length));
  return concat([Uint8Array.of(base + SHORT + digits.length), digits]);
}

function uintBytes(value: bigint): Uint8Array {
  if (value === 0n) return new Uint8Array(0);
  const hex = value.toString(16);
  return new Uint8Array(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex'));
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
