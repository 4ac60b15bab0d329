import { concat, type Hex, isHex, slice, toHex } from 'viem';
import { byteLength } from '../batch/bytes.js';
import type { AccountAccess } from '../batch/types.js';
import { StatementError } from '../errors/statement.js';
import type { Hint } from '../trie/hint.js';
import { BLOCK_FIELDS } from './execution-terms.js';

/** One account of the access list with the places where its leaf stands before and after. */
export interface TableAccount extends AccountAccess {
  readonly preHint: Hint;
  readonly postHint: Hint;
}

/** What the prover supplies to L1 beside the proofs (FORMATS.md, "Tables"). */
export interface Tables {
  /** Items that are not cut off. */
  readonly read: number;
  /** Time after the last row, below 2^48. */
  readonly ts: bigint;
  readonly gasUsed: bigint;
  /** Work left. */
  readonly work: bigint;
  /** Journal length, below 2^48. */
  readonly jrn: bigint;
  /** How often the pre-state's root is looked up, below 2^24. */
  readonly uses: bigint;
  /** How often each of {@link BLOCK_FIELDS} is looked up, below 2^24, in their order. */
  readonly blockUses: readonly bigint[];
  /** By strictly ascending address. */
  readonly accounts: readonly TableAccount[];
}

/** Bytes before the accounts. */
export const HEAD_BYTES = 58;
/** Bytes of an account. */
export const ACCOUNT_BYTES = 168;

/**
 * The tables' bytes.
 * @throws StatementError `BadTables` when a value does not fit its field, `NotSorted`
 */
export function encodeTables(tables: Tables): Hex {
  const { blockUses, accounts } = tables;
  if (blockUses.length !== BLOCK_FIELDS.length) {
    throw new StatementError('BadTables', `blockUses has ${blockUses.length} entries, not ${BLOCK_FIELDS.length}.`);
  }
  checkSorted(accounts);
  return concat([
    field(BigInt(tables.read), 4, 'read'),
    field(tables.ts, 6, 'ts'),
    field(tables.gasUsed, 8, 'gasUsed'),
    field(tables.work, 8, 'work'),
    field(tables.jrn, 6, 'jrn'),
    field(tables.uses, 3, 'uses'),
    ...blockUses.map((uses) => field(uses, 3, 'blockUses')),
    field(BigInt(accounts.length), 2, 'count'),
    ...accounts.map(encodeAccount),
  ]);
}

/**
 * The tables of a bundle.
 * @throws StatementError `BadTables` (length), `NotSorted`, `SlotsNotCovered`
 */
export function decodeTables(bytes: Hex): Tables {
  const read = reader(bytes);
  const total = byteLength(bytes);
  if (total < HEAD_BYTES) throw new StatementError('BadTables', `${total} bytes are less than the head of the tables.`);
  const [items, ts, gasUsed, work, jrn, uses] = [read(4), read(6), read(8), read(8), read(6), read(3)];
  const blockUses = BLOCK_FIELDS.map(() => read(3));
  const count = Number(read(2));
  if (total !== HEAD_BYTES + count * ACCOUNT_BYTES) {
    throw new StatementError('BadTables', `${total} bytes do not hold a head and ${count} accounts.`);
  }
  const accounts = Array.from({ length: count }, (_, i) =>
    decodeAccount(slice(bytes, HEAD_BYTES + i * ACCOUNT_BYTES, HEAD_BYTES + (i + 1) * ACCOUNT_BYTES)),
  );
  checkSorted(accounts);
  return { read: Number(items), ts, gasUsed, work, jrn, uses, blockUses, accounts };
}

function encodeAccount({ address, pre, post, preHint, postHint }: TableAccount): Hex {
  return concat([
    field(BigInt(address), 20, 'address'),
    field(BigInt(preHint), 1, 'preHint'),
    field(BigInt(postHint), 1, 'postHint'),
    field(pre.nonce, 8, 'nonce'),
    field(post.nonce, 8, 'nonce'),
    field(pre.balance, 32, 'balance'),
    field(post.balance, 32, 'balance'),
    field(BigInt(pre.codeHash), 32, 'codeHash'),
    field(BigInt(post.codeHash), 32, 'codeHash'),
    '0x0000',
  ]);
}

function decodeAccount(bytes: Hex): TableAccount {
  const read = reader(bytes);
  const word = (size: number) => toHex(read(size), { size });
  const address = word(20);
  const [preHint, postHint] = [Number(read(1)), Number(read(1))];
  const [nonce, postNonce, balance, postBalance] = [read(8), read(8), read(32), read(32)];
  const [codeHash, postCodeHash] = [word(32), word(32)];
  const slots = read(2);
  if (slots !== 0n) throw new StatementError('SlotsNotCovered', `Account ${address} lists ${slots} slots.`);
  const pre = { nonce, balance, codeHash };
  return { address, pre, post: { nonce: postNonce, balance: postBalance, codeHash: postCodeHash }, preHint, postHint };
}

function checkSorted(accounts: readonly TableAccount[]): void {
  for (let i = 1; i < accounts.length; i++) {
    const [before, after] = [accounts[i - 1]!.address, accounts[i]!.address];
    if (BigInt(before) >= BigInt(after)) {
      throw new StatementError('NotSorted', `Account ${after} stands behind ${before} in the access list.`);
    }
  }
}

/** `value` as exactly `size` bytes. */
function field(value: bigint, size: number, name: string): Hex {
  if (value < 0n || value >> BigInt(8 * size) !== 0n) {
    throw new StatementError('BadTables', `${name} is ${value}, which does not fit ${size} bytes.`);
  }
  return toHex(value, { size });
}

/** Reads big-endian integers one after the other. */
function reader(bytes: Hex): (size: number) => bigint {
  if (!isHex(bytes) || bytes.length % 2 !== 0) throw new StatementError('BadTables', 'The tables are not whole bytes.');
  let at = 2;
  return (size) => {
    const value = BigInt(`0x${bytes.slice(at, at + 2 * size)}`);
    at += 2 * size;
    return value;
  };
}
