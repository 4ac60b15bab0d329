import type { Hex } from 'viem';
import { bigintToBytes, bytesToBigint, fromHex, toHex } from '../batch/bytes.js';
import { TrieError } from '../errors/trie.js';
import type { NodeKey, OldNodes, Place } from './types.js';

/**
 * Keys and values of the store of nodes. One letter says what a key is.
 *
 * | key | value |
 * |---|---|
 * | `n` trie `/` path, as text | the node (src/trie/codec.ts). Sorted by trie, then nodes before those below them; the account trie first |
 * | `s` sequence number u64 | a stored state: root 32, name |
 * | `u` sequence number u64 | the way back to the state before it: per changed node its key's length u8, key, old length u16, old bytes (0: absent) |
 * | `m` | the format |
 */
export const FORMAT_KEY = Buffer.from('m');
export const FORMAT = Buffer.from('deltaproof tries 1');
/** Start of all states' keys. */
export const STATES = Buffer.from('s');

/** The key of a place. */
export function nodeKey({ trie, path }: Place): NodeKey {
  return `n${trie}/${path}`;
}

/** The bytes of a key. */
export function keyBytes(key: NodeKey): Uint8Array {
  return Buffer.from(key, 'latin1');
}

/** A state that is stored. Later ones have higher sequence numbers, not always the next ones. */
export interface StoredState {
  readonly sequence: bigint;
  readonly name: Hex;
  readonly root: bigint;
}

export function stateKey(sequence: bigint): Uint8Array {
  return Buffer.concat([STATES, bigintToBytes(sequence, 8)]);
}

export function undoKey(sequence: bigint): Uint8Array {
  return Buffer.concat([Buffer.from('u'), bigintToBytes(sequence, 8)]);
}

export function encodeState({ root, name }: StoredState): Uint8Array {
  return Buffer.concat([bigintToBytes(root, 32), fromHex(name)]);
}

export function decodeState(key: Uint8Array, value: Uint8Array): StoredState {
  return {
    sequence: bytesToBigint(key.subarray(1)),
    name: toHex(value.subarray(32)),
    root: bytesToBigint(value.subarray(0, 32)),
  };
}

export function encodeUndo(old: OldNodes): Uint8Array {
  // An empty value would mean that there is no way back: one byte stands before all.
  let size = 1;
  for (const [key, value] of old) size += 1 + key.length + 2 + value.length;
  const bytes = Buffer.alloc(size);
  let at = 1;
  for (const [key, value] of old) {
    at = bytes.writeUInt8(key.length, at);
    at += bytes.write(key, at, 'latin1');
    at = bytes.writeUInt16BE(value.length, at);
    bytes.set(value, at);
    at += value.length;
  }
  return bytes;
}

/** @throws TrieError `TRIE_STORE_DAMAGED` */
export function decodeUndo(bytes: Uint8Array): OldNodes {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const old = new Map<NodeKey, Uint8Array>();
  let at = 1;
  while (at < data.length) {
    const keyEnd = at + 1 + data[at]!;
    if (keyEnd + 2 > data.length) break;
    const end = keyEnd + 2 + data.readUInt16BE(keyEnd);
    old.set(data.toString('latin1', at + 1, keyEnd), data.subarray(keyEnd + 2, end));
    at = end;
  }
  if (at !== data.length) throw storeDamaged('a way back to an older state is missing or cut off');
  return old;
}

/** The error of a store whose content contradicts itself. */
export function storeDamaged(what: string, cause?: unknown): TrieError {
  const hint = 'Build the trie store anew from the flat state.';
  return new TrieError('TRIE_STORE_DAMAGED', `The trie store is damaged: ${what}.`, { hint, cause });
}

/** The error of a state whose nodes are not known. */
export function stateUnknown(what: string): TrieError {
  return new TrieError('TRIE_STATE_UNKNOWN', `The tries of ${what} are not known.`, {
    hint: 'They were pruned, taken back, dropped or never stored: make them from a state that is stored, or build the trie store anew.',
  });
}
