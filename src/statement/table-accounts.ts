import { concat, type Hex } from 'viem';
import { byteLength } from '../batch/bytes.js';
import { encodeDiffSlot, MAX_SLOTS_PER_ITEM } from '../batch/diff.js';
import type { AccountAccess } from '../batch/types.js';
import { StatementError } from '../errors/statement.js';
import type { Mode } from '../proof/types.js';
import type { Hint } from '../trie/hint.js';
import { bytesField, entriesOf, field, TableReader } from './table-bytes.js';

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
/** Slots of one entry: more stand in further ones. 50 KB, so that any entry fits a transaction with room to spare. */
const ENTRY_SLOTS = 512;
/** Bit of the number of slots: further ones stand in the next entry. */
export const MORE_SLOTS = 0x8000;
/** Bytes of an account before the number of its slots. */
const FIELD_BYTES = 166;

/**
 * The accounts as entries, one each, or more for one with many slots.
 * @param most slots of one entry
 * @throws StatementError `BadTables` when a value does not fit its field, `NotSorted`
 */
export function encodeAccounts(accounts: readonly TableAccount[], mode: Mode, most = ENTRY_SLOTS): Hex[] {
  checkSorted(accounts);
  return accounts.flatMap((account) => encodeAccount(account, mode, most));
}

/**
 * The accounts of all parts with accounts.
 * @throws StatementError `BadTables`, `NotSorted`, `WrongAccount`
 */
export function decodeAccounts(bodies: readonly Hex[], mode: Mode): TableAccount[] {
  let open: TableAccount | undefined;
  const accounts = entriesOf(bodies, (reader) => {
    const { more, ...account } = decodeEntry(reader, mode, open);
    open = more ? account : undefined;
    return more ? [] : [account];
  }).flat();
  if (open !== undefined) throw new StatementError('BadTables', `account ${open.address} does not go on.`);
  checkSorted(accounts);
  return accounts;
}

function encodeAccount(account: TableAccount, mode: Mode, most: number): Hex[] {
  const { slots } = account;
  const fields = fieldsOf(account);
  const entries: Hex[] = [];
  for (let from = 0; from === 0 || from < slots.length; from += most) {
    const own = slots.slice(from, from + most);
    const more = from + most < slots.length ? MORE_SLOTS : 0;
    const count = field(BigInt(own.length >= MORE_SLOTS ? 2 ** 16 : own.length + more), 2, 'slots');
    const state = from === 0 ? [] : [stateOf(account, slots.slice(0, from), mode)];
    entries.push(concat([fields, count, ...state, ...own.map(encodeSlot)]));
  }
  return entries;
}

function fieldsOf({ address, pre, post, preHint, postHint }: TableAccount): Hex {
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
  ]);
}

/**
 * Where an account stands behind the slots that earlier entries brought: the last key, whether the open item of the diff states
 * the account's fields, its room for slots, and its slots. In mode root there is no diff, and no slot in the item.
 */
function stateOf({ pre, post }: TableAccount, before: readonly TableSlot[], mode: Mode): Hex {
  const changed = mode === 'diff' ? before.filter((slot) => slot.pre !== slot.post) : [];
  const closed = Math.max(0, Math.ceil(changed.length / MAX_SLOTS_PER_ITEM) - 1);
  const open = changed.slice(closed * MAX_SLOTS_PER_ITEM);
  const fields = closed === 0 && (['nonce', 'balance', 'codeHash'] as const).some((name) => pre[name] !== post[name]);
  const item = concat(['0x', ...open.map(({ key, post: value }) => encodeDiffSlot({ key, value }))]);
  return concat([
    bytesField(before.at(-1)!.key, 32, 'key'),
    field(fields ? 1n : 0n, 1, 'fields'),
    field(BigInt(MAX_SLOTS_PER_ITEM - open.length), 1, 'left'),
    field(BigInt(byteLength(item)), 2, 'item'),
    item,
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

/** One entry with all slots of the account so far; `open`: the account that goes on here. */
function decodeEntry(
  reader: TableReader,
  mode: Mode,
  open: TableAccount | undefined,
): TableAccount & { more: boolean } {
  const fields = reader.bytes(FIELD_BYTES);
  const account = decodeFields(new TableReader(fields));
  const count = reader.number(2);
  const more = (count & MORE_SLOTS) !== 0;
  if (open !== undefined) {
    const state = stateOf(open, open.slots, mode);
    if (fields !== fieldsOf(open) || reader.bytes(byteLength(state)) !== state) {
      throw new StatementError('WrongAccount', `account ${open.address} does not go on as it stood.`);
    }
  }
  const own = Array.from({ length: count & ~MORE_SLOTS }, () => decodeSlot(reader));
  if (more && own.length === 0) throw new StatementError('BadTables', `account ${account.address} goes on at once.`);
  return { ...account, slots: [...(open?.slots ?? []), ...own], more };
}

function decodeFields(reader: TableReader): TableAccount {
  const address = reader.bytes(20);
  const [preHint, postHint] = [reader.number(1), reader.number(1)];
  const [nonce, postNonce, balance, postBalance] = [8, 8, 32, 32].map((size) => reader.integer(size)) as Four;
  const [codeHash, postCodeHash] = [reader.bytes(32), reader.bytes(32)];
  const pre = { nonce, balance, codeHash };
  const post = { nonce: postNonce, balance: postBalance, codeHash: postCodeHash };
  return { address, pre, post, preHint, postHint, slots: [] };
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
