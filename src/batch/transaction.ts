import { bigIntMin } from '@ethereumjs/util';
import { type Address, type Hex, keccak256 } from 'viem';
import { PRICES } from '../evm/gas.js';
import type { SlotKey } from '../evm/run.js';
import { byteLength, fromHex, toHex } from './bytes.js';
import { MAX_S, recoverSender } from './recover.js';
import { type RlpItem, readRlpItem, readRlpList, readRlpUint, rlpBytes, rlpList, rlpUint } from './rlp.js';
import type { BadTx, ParsedTx, Rules } from './types.js';

/** The reasons for `BadTx` that mean "valid on Ethereum, but not covered by this version" (FORMATS.md, 10). */
export const UNCOVERED_BAD = {
  creation: 'this version does not cover contract creation',
  precompile: 'this version does not cover calls to precompiles (0x01 to 0x0a)',
} as const;

const MAX_NONCE = 2n ** 64n - 1n;
const LAST_PRECOMPILE = 10n;

/** Ends the parse of one item; never leaves this file. */
class Bad extends Error {}

/** What the bytes say, before the rules of a version are applied. */
interface Fields {
  readonly chainId: bigint | undefined;
  readonly nonce: bigint;
  readonly tip: bigint;
  readonly cap: bigint;
  readonly gasLimit: bigint;
  readonly to: Hex;
  readonly value: bigint;
  readonly data: Uint8Array;
  readonly addresses: number;
  readonly keys: readonly SlotKey[];
  readonly yParity: 0 | 1;
  readonly r: bigint;
  readonly s: bigint;
  readonly signingHash: Uint8Array;
}

/** Work that an item of `bytes` bytes uses up even when it is skipped. */
export function workOfItem(bytes: number, rules: Rules): bigint {
  return rules.w0 + rules.w2 * BigInt(bytes);
}

/**
 * The total function `parse` of FORMATS.md, "Transactions: the total function": every byte string is either a
 * transaction that the rules may execute or skip by state, or bad. L1 decides exactly alike.
 * @param raw the item's bytes, even-length hex
 */
export function parseTransaction(raw: Hex, rules: Rules): ParsedTx | BadTx {
  const use = workOfItem(byteLength(raw), rules);
  try {
    return { ...applyRules(readFields(fromHex(raw), rules.chainId), rules), use };
  } catch (error) {
    if (error instanceof Bad) return { kind: 'bad', reason: error.message, use };
    throw error;
  }
}

function applyRules(fields: Fields, rules: Rules): Omit<ParsedTx, 'use'> {
  const { nonce, tip, cap, gasLimit, value, data } = fields;
  if (fields.chainId !== undefined) check(fields.chainId === rules.chainId, 'wrong chain id');
  check(fields.s <= MAX_S, 's above n/2');
  check(nonce < MAX_NONCE, 'nonce 2^64 - 1');
  check(tip <= cap, 'tip above cap');
  check(cap >= rules.baseFee, 'cap below the base fee');
  const { addresses, keys } = fields;
  const intrinsic = intrinsicGas({ data, addresses, keys: keys.length });
  check(gasLimit >= intrinsic, 'gas limit below intrinsic gas');
  const maxCost = gasLimit * cap + value;
  check(maxCost < 2n ** 256n, 'maximal cost of 2^256 or more');
  check(fields.to !== '0x', UNCOVERED_BAD.creation);
  const target = BigInt(fields.to);
  check(target === 0n || target > LAST_PRECOMPILE, UNCOVERED_BAD.precompile);
  const sender = recoverSender(fields.signingHash, fields.yParity, fields.r, fields.s);
  if (sender === undefined) throw new Bad('signature does not recover');
  const effectiveTip = bigIntMin(tip, cap - rules.baseFee);
  return {
    kind: 'tx',
    sender,
    to: fields.to as Address,
    nonce,
    value,
    gasLimit,
    intrinsic,
    price: rules.baseFee + effectiveTip,
    tip: effectiveTip,
    maxCost,
    dataLen: BigInt(data.length),
    reserve: rules.w1 * gasLimit + rules.wAccess * BigInt(addresses + keys.length) + rules.wCode,
    data: toHex(data),
    keys,
  };
}

function readFields(bytes: Uint8Array, ruleChainId: bigint): Fields {
  const first = bytes[0];
  if (first === 1 || first === 2) return readTyped(bytes, first);
  check(first !== undefined && first >= 0xc0, first === undefined ? 'empty item' : 'unknown type');
  return readLegacy(bytes, ruleChainId);
}

function readLegacy(bytes: Uint8Array, ruleChainId: bigint): Fields {
  const items = readExactList(bytes, 0, 9);
  const [nonce, gasPrice, gasLimit, to, value, data, v, r, s] = items as NineItems;
  const price = uint(bytes, gasPrice, 32, 'gasPrice');
  const vValue = uint(bytes, v, 8, 'v');
  const unprotected = vValue === 27n || vValue === 28n;
  const parity = unprotected ? vValue - 27n : vValue - 35n - 2n * ruleChainId;
  check(parity === 0n || parity === 1n, 'v names another chain or is no v');
  const signed = [bytes.subarray(nonce.start, v.start)];
  if (!unprotected) signed.push(rlpUint(ruleChainId), rlpBytes(new Uint8Array(0)), rlpBytes(new Uint8Array(0)));
  return {
    chainId: undefined,
    nonce: uint(bytes, nonce, 8, 'nonce'),
    tip: price,
    cap: price,
    gasLimit: uint(bytes, gasLimit, 8, 'gasLimit'),
    to: recipient(bytes, to),
    value: uint(bytes, value, 32, 'value'),
    data: byteString(bytes, data),
    addresses: 0,
    keys: [],
    yParity: parity === 0n ? 0 : 1,
    r: uint(bytes, r, 32, 'r'),
    s: uint(bytes, s, 32, 's'),
    signingHash: keccak256(rlpList(signed), 'bytes'),
  };
}

type NineItems = [RlpItem, RlpItem, RlpItem, RlpItem, RlpItem, RlpItem, RlpItem, RlpItem, RlpItem];
type TypedTail = NineItems;

function readTyped(bytes: Uint8Array, type: 1 | 2): Fields {
  const items = readExactList(bytes, 1, type === 1 ? 11 : 12);
  const [chainId, nonce, tip, ...rest] = items as [RlpItem, RlpItem, RlpItem, ...RlpItem[]];
  const [cap, gasLimit, to, value, data, accessList, yParity, r, s] = (type === 1 ? [tip, ...rest] : rest) as TypedTail;
  const parity = uint(bytes, yParity, 8, 'yParity');
  check(parity === 0n || parity === 1n, 'yParity above 1');
  const signed = rlpList([bytes.subarray(chainId.start, yParity.start)]);
  return {
    chainId: uint(bytes, chainId, 8, 'chainId'),
    nonce: uint(bytes, nonce, 8, 'nonce'),
    tip: uint(bytes, tip, 32, 'tip'),
    cap: uint(bytes, cap, 32, 'cap'),
    gasLimit: uint(bytes, gasLimit, 8, 'gasLimit'),
    to: recipient(bytes, to),
    value: uint(bytes, value, 32, 'value'),
    data: byteString(bytes, data),
    ...readAccessList(bytes, accessList),
    yParity: parity === 0n ? 0 : 1,
    r: uint(bytes, r, 32, 'r'),
    s: uint(bytes, s, 32, 's'),
    signingHash: keccak256(Buffer.concat([Uint8Array.of(type), signed]), 'bytes'),
  };
}

/** The `count` items of the list that starts at `at` and fills the rest of `bytes`. */
function readExactList(bytes: Uint8Array, at: number, count: number): RlpItem[] {
  const list = readRlpItem(bytes, at, bytes.length);
  if (list === undefined || list.to !== bytes.length) throw new Bad('not one canonical RLP item that fills the bytes');
  const items = readRlpList(bytes, list);
  if (items === undefined) throw new Bad('not a list of canonical RLP items');
  check(items.length === count, `not ${count} fields`);
  return items;
}

function readAccessList(bytes: Uint8Array, list: RlpItem): Pick<Fields, 'addresses' | 'keys'> {
  const entries = readRlpList(bytes, list);
  if (entries === undefined) throw new Bad('access list is not a list of canonical RLP items');
  const hex = ({ from, to }: RlpItem) => toHex(bytes.subarray(from, to));
  const keys: SlotKey[] = [];
  for (const entry of entries) {
    const [address, keyList, ...more] = readRlpList(bytes, entry) ?? [];
    const keyItems = keyList === undefined ? undefined : readRlpList(bytes, keyList);
    if (address === undefined || keyItems === undefined) throw new Bad('access list entry is not [address, keys]');
    check(more.length === 0 && isString(address, 20), 'access list entry is not [20-byte address, keys]');
    check(
      keyItems.every((key) => isString(key, 32)),
      'access list key is not 32 bytes',
    );
    for (const key of keyItems) keys.push({ address: hex(address), key: hex(key) });
  }
  return { addresses: entries.length, keys };
}

/** What intrinsic gas depends on. */
export interface IntrinsicFields {
  readonly data: Uint8Array;
  /** Addresses and keys of the access list. */
  readonly addresses: number;
  readonly keys: number;
}

/**
 * Gas of a transaction before anything is executed, and all the gas of a transfer (FORMATS.md, "Transactions", 8).
 */
export function intrinsicGas({ data, addresses, keys }: IntrinsicFields): bigint {
  const { transaction, accessAddress, accessKey } = PRICES;
  return (
    BigInt(transaction) + dataGas(data) + BigInt(accessAddress) * BigInt(addresses) + BigInt(accessKey) * BigInt(keys)
  );
}

function dataGas(data: Uint8Array): bigint {
  let gas = 0;
  for (const byte of data) gas += byte === 0 ? PRICES.zeroByte : PRICES.nonZeroByte;
  return BigInt(gas);
}

function uint(bytes: Uint8Array, item: RlpItem, maxBytes: number, name: string): bigint {
  const value = readRlpUint(bytes, item, maxBytes);
  if (value === undefined) throw new Bad(`${name} is not a canonical integer of at most ${maxBytes} bytes`);
  return value;
}

function byteString(bytes: Uint8Array, item: RlpItem): Uint8Array {
  check(!item.isList, 'data is a list');
  return bytes.subarray(item.from, item.to);
}

function recipient(bytes: Uint8Array, item: RlpItem): Hex {
  check(isString(item, 0) || isString(item, 20), 'to is neither empty nor 20 bytes');
  return toHex(bytes.subarray(item.from, item.to));
}

function isString(item: RlpItem, length: number): boolean {
  return !item.isList && item.to - item.from === length;
}

function check(condition: boolean, reason: string): asserts condition {
  if (!condition) throw new Bad(reason);
}
