import type { Address, Hex } from 'viem';
import { byteLength, fromHex } from '../../src/batch/bytes.js';
import type { SlotKey } from '../../src/evm/run.js';
import type { BlockRef } from './block-ref.js';
import { type Parameter, WrongParameter } from './method.js';

/** A transaction that a caller describes, for eth_call and eth_estimateGas. */
export interface CallRequest {
  readonly from: Address | undefined;
  /** Absent in a creation. */
  readonly to: Address | undefined;
  readonly value: bigint;
  readonly data: Uint8Array;
  /** Highest price in wei per gas, when one is given. */
  readonly feeCap: bigint | undefined;
  readonly gas: bigint | undefined;
  /** Addresses and storage keys of the access list. */
  readonly addresses: number;
  readonly keys: readonly SlotKey[];
}

/** A required parameter. */
function required<T>(name: string, parse: (value: unknown) => T): Parameter<T> {
  return { name, parse };
}

/** The same parameter with a value for when it is absent. */
export function optional<T>({ name, parse }: Parameter<T>, fallback: T): Parameter<T> {
  return { name, parse, fallback };
}

export const addressParameter = required('address', (value) => fixedHex(value, 20) as Address);
export const transactionHash = required('transactionHash', (value) => fixedHex(value, 32));
export const blockHash = required('blockHash', (value) => fixedHex(value, 32));
export const rawTransaction = required('rawTransaction', bytes);

export const bytesParameter = required('data', bytes);

/** Place of a transaction in its block, from 0. */
export const transactionIndex = required('index', (value) => Number(quantity(value, 32)));

/** The name of a filter or a subscription. */
export const filterId = required('id', (value) => fixedHex(value, 16));

/** A storage key: up to 32 bytes, as the 32-byte key. */
export const slotKey = required('key', (value): Hex => `0x${quantity(value, 256).toString(16).padStart(64, '0')}`);

/** Whether whole transactions are wanted. */
export const wholeTransactions = required('wholeTransactions', (value) => {
  if (typeof value !== 'boolean') throw new WrongParameter('must be true or false');
  return value;
});

/** How many blocks; also as a JSON integer, which some clients send. */
export const blockCount = required('blockCount', (value) => {
  const count = Number.isSafeInteger(value) && Number(value) >= 0 ? BigInt(Number(value)) : quantity(value, 64);
  if (count === 0n) throw new WrongParameter('must be at least 1');
  return count;
});

/** Percentiles of tips: up to 100 ascending numbers from 0 to 100. */
export const percentiles = required('rewardPercentiles', (value): readonly number[] => {
  const what = 'must be a list of at most 100 ascending numbers from 0 to 100';
  if (!Array.isArray(value) || value.length > 100) throw new WrongParameter(what);
  let last = 0;
  for (const item of value) {
    if (typeof item !== 'number' || !(item >= last && item <= 100)) throw new WrongParameter(what);
    last = item;
  }
  return value as number[];
});

/** A block: number, tag, or `{ blockNumber }` or `{ blockHash }` as in EIP-1898. */
export const block: Parameter<BlockRef> = required('block', (value) => {
  if (value === 'latest' || value === 'earliest' || value === 'pending') return value;
  if (value === 'safe' || value === 'finalized') return value;
  if (isObject(value)) {
    const { blockHash: hash, blockNumber: number, requireCanonical: _, ...others } = value;
    if (Object.keys(others).length > 0 || (hash === undefined) === (number === undefined)) {
      throw new WrongParameter('must have either blockHash or blockNumber');
    }
    return hash === undefined ? quantity(number, 64) : { hash: fixedHex(hash, 32) };
  }
  try {
    return quantity(value, 64);
  } catch {
    throw new WrongParameter(
      'must be a tag (latest, safe, finalized, earliest), a 0x-hex number, or an object with blockHash or blockNumber',
    );
  }
});

/** The transaction of eth_call and eth_estimateGas. Fields that can change nothing in their answers are not looked at. */
export const callRequest: Parameter<CallRequest> = required('transaction', (value) => {
  if (!isObject(value)) throw new WrongParameter('must be an object');
  for (const name of ['blobVersionedHashes', 'blobs', 'authorizationList']) {
    if (value[name] != null) throw new WrongParameter(`must be of type 0, 1 or 2, which have no ${name}`);
  }
  const field = <T>(name: string, parse: (value: unknown) => T): T | undefined => {
    if (value[name] === undefined || value[name] === null) return undefined;
    try {
      return parse(value[name]);
    } catch (error) {
      throw error instanceof WrongParameter ? new WrongParameter(`has a field ${name} that ${error.message}`) : error;
    }
  };
  const [data, input] = [field('data', bytes), field('input', bytes)];
  if (data !== undefined && input !== undefined && data !== input) {
    throw new WrongParameter('must not have data and input that differ');
  }
  const price = (word: unknown) => quantity(word, 256);
  return {
    from: field('from', (from) => fixedHex(from, 20) as Address),
    to: field('to', (to) => (to === '0x' ? undefined : (fixedHex(to, 20) as Address))),
    value: field('value', price) ?? 0n,
    data: fromHex(input ?? data ?? '0x'),
    feeCap: field('maxFeePerGas', price) ?? field('gasPrice', price),
    gas: field('gas', (gas) => quantity(gas, 64)),
    ...(field('accessList', accessListOf) ?? { addresses: 0, keys: [] }),
  };
});

/** The parameters of eth_call that would change the state it runs on. This version knows none. */
export function noOverrides(name: string): Parameter<undefined | Record<string, never>> {
  return {
    name,
    fallback: {},
    parse(value) {
      if (isObject(value) && Object.keys(value).length === 0) return {};
      throw new WrongParameter('must be absent: overrides are not supported');
    },
  };
}

function accessListOf(value: unknown): Pick<CallRequest, 'addresses' | 'keys'> {
  const what = 'must be a list of { address, storageKeys }';
  if (!Array.isArray(value)) throw new WrongParameter(what);
  const keys: SlotKey[] = [];
  for (const entry of value as unknown[]) {
    const { address, storageKeys } = isObject(entry) ? entry : {};
    if (!Array.isArray(storageKeys)) throw new WrongParameter(what);
    const owner = fixedHex(address, 20) as Address;
    for (const key of storageKeys as unknown[]) keys.push({ address: owner, key: fixedHex(key, 32) });
  }
  return { addresses: value.length, keys };
}

function quantity(value: unknown, bits: number): bigint {
  if (typeof value === 'string' && /^0x[0-9a-fA-F]{1,66}$/.test(value) && BigInt(value) < 1n << BigInt(bits)) {
    return BigInt(value);
  }
  throw new WrongParameter(`must be a 0x-hex number below 2^${bits}`);
}

function bytes(value: unknown): Hex {
  if (typeof value === 'string' && /^0x(?:[0-9a-fA-F]{2})*$/.test(value)) return value.toLowerCase() as Hex;
  throw new WrongParameter('must be 0x and an even number of hex digits');
}

/** Hex of exactly `length` bytes, in lower case. */
export function fixedHex(value: unknown, length: number): Hex {
  try {
    const hex = bytes(value);
    if (byteLength(hex) === length) return hex;
  } catch {}
  throw new WrongParameter(`must be 0x and ${2 * length} hex digits`);
}

/** Whether it has fields. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
