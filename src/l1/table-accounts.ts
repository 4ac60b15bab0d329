import { concat, type Hex } from 'viem';
import type { AccountAccess } from '../batch/types.js';
import { StatementError } from '../errors/statement.js';
import type { Hint } from '../trie/hint.js';
import { bytesField, field, type TableReader } from './table-bytes.js';

/** One slot of the access list, before and after, with the places of its leaf. */
export interface TableSlot {
  /** 32 bytes. */
  readonly key: Hex;
  readonly pre: bigint;
  readonly post: bigint;
  readonly preHint: Hint;
  readonly postHint: Hint;
}

/** One account of the access list with the places where its leaf stands before and after. */
export interface TableAccount extends AccountAccess {
  readonly preHint: Hint;
  readonly postHint: Hint;
  /** By strictly ascending key. */
  readonly slots: readonly TableSlot[];
}

/** Bytes of an account without its slots. */
export const ACCOUNT_BYTES = 168;
/** Bytes of a slot. */
export const SLOT_BYTES = 98;

/**
 * The section of the accounts.
 * @throws StatementError `BadTables` when a value does not fit its field, `NotSorted`
 */
export function encodeAccounts(accounts: readonly TableAccount[]): Hex {
  checkSorted(accounts);
  return concat(['0x', ...accounts.map(encodeAccount)]);
}

/**
 * The accounts of a section.
 * @throws StatementError `BadTables`, `NotSorted`
 */
export function decodeAccounts(reader: TableReader): TableAccount[] {
  const accounts = reader.rest(decodeAccount);
  checkSorted(accounts);
  return accounts;
}

function encodeAccount({ address, pre, post, preHint, postHint, slots }: TableAccount): Hex {
  return concat([
    bytesField(address, 20, 'address'),
    field(BigInt(preHint), 1, 'preHint'),
    field(BigInt(postHint), 1, 'postHint'),
    field(pre.nonce, 8, 'nonce'),
    field(post.nonce, 8, 'nonce'),
    field(pre.balance, 32, 'balance'),
    field(post.balance, 32, 'balance'),
    bytesField(pre.codeHash, 32, 'codeHash'),
    bytesField(post.codeHash, 32, 'codeHash'),
    field(BigInt(slots.length), 2, 'slots'),
    ...slots.map(encodeSlot),
  ]);
}

function encodeSlot({ key, pre, post, preHint, postHint }: TableSlot): Hex {
  return concat([
    bytesField(key, 32, 'key'),
    field(pre, 32, 'value'),
    field(post, 32, 'value'),
    field(BigInt(preHint), 1, 'preHint'),
    field(BigInt(postHint), 1, 'postHint'),
  ]);
}

function decodeAccount(reader: TableReader): TableAccount {
  const address = reader.bytes(20);
  const [preHint, postHint] = [reader.number(1), reader.number(1)];
  const [nonce, postNonce, balance, postBalance] = [8, 8, 32, 32].map((size) => reader.integer(size)) as Four;
  const [codeHash, postCodeHash] = [reader.bytes(32), reader.bytes(32)];
  const slots = Array.from({ length: reader.number(2) }, () => decodeSlot(reader));
  const pre = { nonce, balance, codeHash };
  const post = { nonce: postNonce, balance: postBalance, codeHash: postCodeHash };
  return { address, pre, post, preHint, postHint, slots };
}

type Four = [bigint, bigint, bigint, bigint];

function decodeSlot(reader: TableReader): TableSlot {
  const key = reader.bytes(32);
  const [pre, post] = [reader.integer(32), reader.integer(32)];
  return { key, pre, post, preHint: reader.number(1), postHint: reader.number(1) };
}

function checkSorted(accounts: readonly TableAccount[]): void {
  checkAscending(
    accounts.map(({ address }) => address),
    'Account',
  );
  for (const { address, slots } of accounts) {
    checkAscending(
      slots.map(({ key }) => key),
      `Account ${address}: slot`,
    );
  }
}

/**
 * Numbers of one width must ascend strictly.
 * @throws StatementError `NotSorted`
 */
export function checkAscending(list: readonly Hex[], what: string): void {
  for (let i = 1; i < list.length; i++) {
    if (BigInt(list[i - 1]!) >= BigInt(list[i]!)) {
      throw new StatementError('NotSorted', `${what} ${list[i]} stands behind ${list[i - 1]}.`);
    }
  }
}
