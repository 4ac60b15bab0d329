import { RLP } from '@ethereumjs/rlp';
import type { Hex } from 'viem';
import { R } from '../bus/field.js';
import { TrieError } from '../errors/trie.js';
import { digestOf } from './digest.js';
import type { LeafValue, TrieNode } from './node.js';

/**
 * The bridge to `@ethereumjs/mpt`: the same trie kept as RLP, as Ethereum's yellow paper (appendix D) has it. The project's
 * own tries never use RLP; this is for reference tries (tests, comparison with a trie-backed state manager).
 */

/** For the option `useKeyHashingFunction`: RLP of a node to its 32-byte digest; embedded nodes are hashed on the way. */
export function mptDigest(rlp: Uint8Array): Uint8Array {
  const digest = refOf(RLP.decode(rlp) as Item);
  return Buffer.from(digest.toString(16).padStart(64, '0'), 'hex');
}

/** A leaf's content as RLP: a slot's integer, or nonce, balance, storage root (32 bytes, 0 when empty), code hash. */
export function mptValue(value: LeafValue): Uint8Array {
  if (value.kind === 'slot') return RLP.encode(value.value);
  const { nonce, balance, codeHash } = value.account;
  return RLP.encode([nonce, balance, `0x${value.storageRoot.toString(16).padStart(64, '0')}`, codeHash]);
}

type Item = Uint8Array | Item[];

/** A child as its parent holds it: nothing, a digest, or an embedded node. */
function refOf(item: Item): bigint {
  if (item instanceof Uint8Array) return item.length === 1 && item[0] === 0x80 ? 0n : integer(item);
  return digestOf(nodeOf(item));
}

function nodeOf(items: readonly Item[]): TrieNode {
  if (items.length === 17) return { kind: 'branch', children: items.slice(0, 16).map(refOf) };
  const [compact, content] = items;
  if (items.length !== 2 || !(compact instanceof Uint8Array) || compact.length === 0) throw notANode();
  // Hex prefix encoding: the first nibble is 2 for a leaf, plus 1 when the number of nibbles is odd.
  const nibbles = Buffer.from(compact).toString('hex');
  const flag = Number.parseInt(nibbles[0]!, 16);
  const path = nibbles.slice(flag % 2 === 1 ? 1 : 2);
  if (flag < 2) return { kind: 'extension', path, child: refOf(content!) };
  if (!(content instanceof Uint8Array)) throw notANode();
  return { kind: 'leaf', path, value: contentOf(RLP.decode(content) as Item) };
}

function contentOf(item: Item): LeafValue {
  if (item instanceof Uint8Array) return { kind: 'slot', value: integer(item) };
  const [nonce, balance, root, code] = item.map((field) => integer(field as Uint8Array));
  if (root! >= R) {
    throw new TrieError('TRIE_BAD_NODE', 'A storage root is no digest: the empty one is 32 zero bytes here.');
  }
  const codeHash: Hex = `0x${code!.toString(16).padStart(64, '0')}`;
  return { kind: 'account', account: { nonce: nonce!, balance: balance!, codeHash }, storageRoot: root! };
}

function integer(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

function notANode(): TrieError {
  return new TrieError('TRIE_BAD_NODE', 'These bytes are no trie node.');
}
