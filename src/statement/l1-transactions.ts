import { concat, type Hex, keccak256 } from 'viem';
import { byteLength } from '../batch/bytes.js';
import { txsHashOf } from '../batch/header.js';
import { StatementError } from '../errors/statement.js';
import { bytesField, entriesOf, field, TableReader, usesField } from './table-bytes.js';
import type { TableRun } from './table-code.js';

/** An item as L1 gets it: all bytes when it is read, its hash when it is cut off. */
export type L1Item =
  | { readonly kind: 'read'; readonly length: number; readonly raw: Hex }
  | { readonly kind: 'cutOff'; readonly length: number; readonly hash: Hex };

/**
 * A batch's items as L1 gets them, the first `read` with their bytes.
 * @throws StatementError `WrongTransactions` when there are fewer than `read`
 */
export function l1Items(txs: readonly Hex[], read: number): L1Item[] {
  if (read > txs.length) {
    throw new StatementError('WrongTransactions', `${read} items are to be read, the batch has ${txs.length}.`);
  }
  return txs.map((raw, i) => {
    const length = byteLength(raw);
    return i < read ? { kind: 'read', length, raw } : { kind: 'cutOff', length, hash: keccak256(raw) };
  });
}

/** `txsHash` of the batch that has these items. */
export function txsHashOfItems(items: readonly L1Item[]): Hex {
  return txsHashOf(
    items.map((item) => ({
      length: item.length,
      hash: item.kind === 'read' ? keccak256(item.raw) : item.hash,
    })),
  );
}

/**
 * FORMATS.md, "Parts", transactions: the items as entries, each with its run if it has one.
 * @throws StatementError `BadRun` when runs do not ascend strictly, or one is not of a read item; `WrongTransactions` when an item
 * has 2^24 bytes
 */
export function encodeItems(items: readonly L1Item[], runs: readonly TableRun[]): Hex[] {
  for (const [i, { item }] of runs.entries()) {
    if (item > (runs[i - 1]?.item ?? 0) && items[item - 1]?.kind === 'read') continue;
    throw new StatementError('BadRun', `item ${item} is not read, or does not come after the last.`);
  }
  const byItem = new Map(runs.map(({ item, uses }) => [item, uses]));
  return items.map((item, i) => encodeItem(item, i + 1, byItem.get(i + 1)));
}

function encodeItem(item: L1Item, number: number, uses: readonly bigint[] | undefined): Hex {
  const length = lengthField(item.length, number);
  if (item.kind === 'cutOff') return concat([length, bytesField(item.hash, 32, 'hash')]);
  const run = field(uses === undefined ? 0n : BigInt(uses.length) + 1n, 2, 'run');
  return concat([length, run, item.raw, ...(uses ?? []).map((times) => usesField(times, 'uses'))]);
}

/**
 * Items and runs of all parts with transactions.
 * @throws StatementError `WrongTransactions` when the bytes are not framed so, or fewer items are there than are read; `BadTables` when a
 * run is cut short
 */
export function decodeItems(bodies: readonly Hex[], read: number): { items: L1Item[]; runs: TableRun[] } {
  const runs: TableRun[] = [];
  let number = 0;
  const items = entriesOf(bodies, (reader): L1Item => {
    number++;
    const take = (size: number): Hex => {
      if (size <= reader.left) return reader.bytes(size);
      throw new StatementError('WrongTransactions', `The bytes end within item ${number}.`);
    };
    const length = Number(take(3));
    if (number > read) return { kind: 'cutOff', length, hash: take(32) };
    const run = Number(take(2));
    const raw = length === 0 ? '0x' : take(length);
    if (run > 0) runs.push({ item: number, uses: Array.from({ length: run - 1 }, () => reader.integer(3)) });
    return { kind: 'read', length, raw };
  });
  if (items.length < read) {
    throw new StatementError('WrongTransactions', `${read} items are to be read, there are ${items.length}.`);
  }
  return { items, runs };
}

/** A batch's transactions as they are posted: per item (length u24, bytes). @throws StatementError `WrongTransactions` when one has 2^24 bytes */
export function packItems(txs: readonly Hex[]): Hex {
  return concat(['0x', ...txs.flatMap((raw, i) => [lengthField(byteLength(raw), i + 1), raw])]);
}

/** The inverse of {@link packItems}. @throws StatementError `WrongTransactions` when the bytes are not whole items */
export function unpackItems(bytes: Hex): Hex[] {
  const reader = new TableReader(bytes);
  const items: Hex[] = [];
  while (reader.left > 0) {
    const length = reader.left < 3 ? 3 : reader.number(3);
    if (length > reader.left) {
      throw new StatementError('WrongTransactions', `The bytes end within item ${items.length + 1}.`);
    }
    items.push(length === 0 ? '0x' : reader.bytes(length));
  }
  return items;
}

function lengthField(length: number, number: number): Hex {
  if (length < 2 ** 24) return field(BigInt(length), 3, 'length');
  throw new StatementError('WrongTransactions', `Item ${number} has ${length} bytes; an item has less than 2^24.`);
}
