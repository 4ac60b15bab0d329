import { WORK } from '../evm/work.js';
import { lower } from './extremes.js';
import { MAX_CODE_BYTES } from './genesis.js';
import type { Rules } from './types.js';

/** What the access list of a batch has at most: what is above it cannot be true, and need not be looked at. */
export interface AccessListLimits {
  /** Of its RLP. */
  readonly bytes: number;
  readonly accounts: number;
  /** Slots that are read, and values that slots take, in all accounts. */
  readonly slots: number;
  /** Balances that accounts take. */
  readonly balances: number;
  /** Nonces that accounts take. */
  readonly nonces: number;
  /** Codes that accounts take. */
  readonly codes: number;
  /** The index of the last item. */
  readonly index: number;
}

/** Header of an RLP list below 16 MB. */
const HEADER = 4;
/** A one-byte header with an index below 65,536. */
const INDEX = 1 + 3;
/** RLP of a 32-byte integer. */
const WORD = 33;
const NONCE = 9;
const ADDRESS = 21;

/** The bytes that limits of the other kinds allow. */
export function withBytes(limits: Omit<AccessListLimits, 'bytes'>): AccessListLimits {
  const { accounts, slots, balances, nonces, codes } = limits;
  const bytes =
    HEADER +
    accounts * (HEADER + ADDRESS + 5 * HEADER) +
    slots * (HEADER + WORD + HEADER + INDEX + WORD) +
    balances * (INDEX + WORD) +
    nonces * (INDEX + NONCE) +
    codes * (HEADER + INDEX + HEADER + MAX_CODE_BYTES);
  return { ...limits, bytes };
}

/**
 * What f itself bounds (FORMATS.md, "Execution of a batch"):
 * - items are read while they have w0 work each, at most `maxItems` of them. Each touches its sender and its recipient, and changes one
 *   nonce and three balances (sender, recipient, fee recipient);
 * - an item that touches a slot first pays for it: `coldSlot` in a step, wAccess for a key of its access list, or `run`, which holds the
 *   slot of a step that halts. A read stands for a touch, and so does every change, since an item has at most one of a slot;
 * - further accounts come from access lists alone, where an account with a key is two entries;
 * - no code is created in this version.
 */
export function accessListLimits({ maxItems, workBudget, w0, wAccess }: Rules): AccessListLimits {
  const most = (price: bigint) => Number(workBudget / (price > 0n ? price : 1n));
  const items = Math.min(maxItems, most(w0));
  const slots = most([wAccess, BigInt(WORK.coldSlot), BigInt(WORK.run)].reduce(lower));
  const accounts = 2 * items + 1 + most(2n * wAccess);
  return withBytes({ accounts, slots, balances: 3 * items, nonces: items, codes: 0, index: items });
}
