import { concat, type Hex, keccak256, toHex } from 'viem';
import { byteLength } from '../batch/bytes.js';
import { StatementError } from '../errors/statement.js';

/** An item as L1 gets it: all bytes when it is read, its hash when it is cut off. */
export type L1Item =
  | { readonly kind: 'read'; readonly length: number; readonly raw: Hex }
  | { readonly kind: 'cutOff'; readonly length: number; readonly hash: Hex };

/**
 * FORMATS.md, "Transactions on L1": the first `read` items with their bytes, the others by their hash.
 * @throws StatementError `WrongTransactions` when there are fewer than `read` items or one has 2^24 bytes
 */
export function encodeL1Transactions(txs: readonly Hex[], read: number): Hex {
  if (read > txs.length) {
    throw new StatementError('WrongTransactions', `${read} items are to be read, the batch has ${txs.length}.`);
  }
  const parts = txs.flatMap((raw, i) => {
    const length = byteLength(raw);
    if (length >= 2 ** 24) {
      throw new StatementError('WrongTransactions', `Item ${i + 1} has ${length} bytes; an item has less than 2^24.`);
    }
    return [toHex(length, { size: 3 }), i < read ? raw : keccak256(raw)];
  });
  return concat(['0x', ...parts]);
}

/**
 * The inverse of {@link encodeL1Transactions}.
 * @throws StatementError `WrongTransactions` when the bytes are not framed so
 */
export function decodeL1Transactions(bytes: Hex, read: number): L1Item[] {
  const items = itemsOf(bytes, read);
  if (items.length < read) {
    throw new StatementError('WrongTransactions', `${read} items are to be read, there are ${items.length}.`);
  }
  return items;
}

/** A batch's transactions as they are posted: every item with its bytes. @throws StatementError `WrongTransactions` */
export function packItems(txs: readonly Hex[]): Hex {
  return encodeL1Transactions(txs, txs.length);
}

/** The inverse of {@link packItems}. @throws StatementError `WrongTransactions` when the bytes are not whole items */
export function unpackItems(bytes: Hex): Hex[] {
  return itemsOf(bytes, Number.POSITIVE_INFINITY).map((item) => (item as { raw: Hex }).raw);
}

/** The items, the first `read` of them with their bytes. */
function itemsOf(bytes: Hex, read: number): L1Item[] {
  const items: L1Item[] = [];
  let at = 2;
  const take = (size: number): Hex => {
    const part = bytes.slice(at, at + 2 * size);
    if (part.length !== 2 * size) {
      throw new StatementError('WrongTransactions', `The bytes end within item ${items.length + 1}.`);
    }
    at += 2 * size;
    return `0x${part}`;
  };
  while (at < bytes.length) {
    const length = Number(take(3));
    items.push(
      items.length < read
        ? { kind: 'read', length, raw: length === 0 ? '0x' : take(length) }
        : { kind: 'cutOff', length, hash: take(32) },
    );
  }
  return items;
}
