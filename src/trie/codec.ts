import type { Hex } from 'viem';
import { TrieError } from '../errors/trie.js';
import type { TrieNode } from './node.js';
import type { Path } from './path.js';

/**
 * How nodes are stored: one byte for the kind, then
 *   branch    0  which children are there (2 bytes, bit n for nibble n), their digests (32 each)
 *   extension 1  path, digest of the child (32)
 *   slot      2  path, value (32)
 *   account   3  path, nonce (8), balance (32), code hash (32), storage root (32)
 * A path is its number of nibbles (1 byte) and the nibbles, two a byte, the last one padded with 0. All big-endian.
 * Storage only: nothing hashes these bytes and nobody else reads them.
 */
enum Kind {
  Branch,
  Extension,
  Slot,
  Account,
}

/** Bytes of a node. */
export function encodeNode(node: TrieNode): Uint8Array {
  if (node.kind === 'branch') {
    const mask = node.children.reduce((bits, child, n) => (child === 0n ? bits : bits | (1 << n)), 0);
    const children = node.children.filter((child) => child !== 0n).map((child) => word(child));
    return bytes(hex(Kind.Branch, 1) + hex(mask, 2) + children.join(''));
  }
  if (node.kind === 'extension') return bytes(hex(Kind.Extension, 1) + packed(node.path) + word(node.child));
  if (node.value.kind === 'slot') return bytes(hex(Kind.Slot, 1) + packed(node.path) + word(node.value.value));
  const { account, storageRoot } = node.value;
  return bytes(
    hex(Kind.Account, 1) +
      packed(node.path) +
      hex(account.nonce, 8) +
      word(account.balance) +
      account.codeHash.slice(2) +
      word(storageRoot),
  );
}

/** Bytes of a digest. */
const DIGEST = 32;
/** Bytes before a branch's children. */
const BRANCH_HEAD = 3;

/**
 * {@link encodeNode} of a branch.
 * @param there which children it has
 * @param children 16 little-endian words
 */
export function encodeBranch(there: readonly boolean[], children: Uint8Array): Uint8Array {
  const mask = there.reduce((bits, is, n) => (is ? bits | (1 << n) : bits), 0);
  // Reversed as a whole they are big-endian, the last one first.
  const words = Uint8Array.from(children).reverse();
  const node = Buffer.alloc(BRANCH_HEAD + DIGEST * there.filter(Boolean).length);
  node.writeUInt8(Kind.Branch);
  node.writeUInt16BE(mask, 1);
  let at = BRANCH_HEAD;
  for (let n = 0; n < 16; n++) {
    if (!there[n]) continue;
    node.set(words.subarray(DIGEST * (15 - n), DIGEST * (16 - n)), at);
    at += DIGEST;
  }
  return node;
}

/** The children of a branch's bytes, which {@link decodeNode} has accepted, as 16 little-endian words, 0 for none. */
export function expandBranch(node: Uint8Array): Uint8Array {
  const words = new Uint8Array(16 * DIGEST);
  const mask = (node[1]! << 8) | node[2]!;
  let at = BRANCH_HEAD;
  for (let n = 0; n < 16; n++) {
    if ((mask & (1 << n)) === 0) continue;
    words.set(node.subarray(at, at + DIGEST), DIGEST * (15 - n));
    at += DIGEST;
  }
  return words.reverse();
}

/** The node of {@link encodeNode}'s bytes. Throws {@link TrieError} `TRIE_BAD_NODE`. */
export function decodeNode(data: Uint8Array): TrieNode {
  const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex');
  let at = 0;
  const take = (size: number): string => {
    const part = text.slice(at, at + 2 * size);
    at += 2 * size;
    if (at > text.length) throw new TrieError('TRIE_BAD_NODE', `A stored node ends too early: ${text}.`);
    return part;
  };
  const number = (size: number) => Number.parseInt(take(size), 16);
  const big = (size: number) => BigInt(`0x${take(size)}`);
  const path = () => {
    const length = number(1);
    return take(Math.ceil(length / 2)).slice(0, length);
  };
  const node = ((): TrieNode => {
    switch (number(1)) {
      case Kind.Branch: {
        const mask = number(2);
        const children: bigint[] = [];
        for (let n = 0; n < 16; n++) children.push(mask & (1 << n) ? big(32) : 0n);
        return { kind: 'branch', children };
      }
      case Kind.Extension:
        return { kind: 'extension', path: path(), child: big(32) };
      case Kind.Slot:
        return { kind: 'leaf', path: path(), value: { kind: 'slot', value: big(32) } };
      case Kind.Account: {
        const rest = path();
        const account = { nonce: big(8), balance: big(32), codeHash: `0x${take(32)}` as Hex };
        return { kind: 'leaf', path: rest, value: { kind: 'account', account, storageRoot: big(32) } };
      }
      default:
        throw new TrieError('TRIE_BAD_NODE', `A stored node is of no known kind: ${text}.`);
    }
  })();
  if (at !== text.length) throw new TrieError('TRIE_BAD_NODE', `A stored node is too long: ${text}.`);
  return node;
}

function hex(x: bigint | number, size: number): string {
  return x.toString(16).padStart(2 * size, '0');
}

function word(x: bigint): string {
  return hex(x, 32);
}

function packed(path: Path): string {
  return hex(path.length, 1) + path + (path.length % 2 === 0 ? '' : '0');
}

function bytes(text: string): Uint8Array {
  return Buffer.from(text, 'hex');
}
