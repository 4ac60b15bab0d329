import { describe, expect, it } from 'vitest';
import { EMPTY_CODE_HASH } from '../../src/batch/types.js';
import { decodeNode, encodeNode } from '../../src/trie/codec.js';
import type { TrieNode } from '../../src/trie/node.js';
import { randomOf, testSeed } from '../helpers/chips/random.js';

const account = { nonce: (1n << 64n) - 1n, balance: (1n << 256n) - 1n, codeHash: EMPTY_CODE_HASH };
const nodes: [string, TrieNode][] = [
  ['full branch', { kind: 'branch', children: Array.from({ length: 16 }, (_, n) => BigInt(n + 1)) }],
  ['two children', { kind: 'branch', children: [7n, ...Array<bigint>(14).fill(0n), 9n] }],
  ['extension, odd path', { kind: 'extension', path: 'abc', child: 5n }],
  ['slot leaf, even path', { kind: 'leaf', path: '0a0b', value: { kind: 'slot', value: (1n << 256n) - 1n } }],
  ['account leaf', { kind: 'leaf', path: 'f'.repeat(63), value: { kind: 'account', account, storageRoot: 3n } }],
];

describe('stored nodes', () => {
  it.each(nodes)('%s', (_, node) => {
    expect(decodeNode(encodeNode(node))).toEqual(node);
  });

  it.each(nodes)('%s: cut off, too long', (_, node) => {
    const data = encodeNode(node);
    for (const bad of [
      data.slice(0, -1),
      new Uint8Array([...data, 0]),
      new Uint8Array([9, ...data]),
      new Uint8Array(0),
    ]) {
      expect(() => decodeNode(bad)).toThrow(expect.objectContaining({ code: 'TRIE_BAD_NODE' }));
    }
  });

  it('never turns random bytes into something that is not a node', () => {
    const seed = testSeed();
    const random = randomOf(seed, 'codec');
    for (let i = 0; i < 500; i++) {
      const data = Uint8Array.from({ length: random.int(150) }, () => random.int(i % 2 === 0 ? 4 : 256));
      try {
        expect(decodeNode(encodeNode(decodeNode(data))), `DELTAPROOF_SEED=${seed}`).toEqual(decodeNode(data));
      } catch (error) {
        expect(error).toMatchObject({ code: 'TRIE_BAD_NODE' });
      }
    }
  });
});
