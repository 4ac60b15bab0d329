import { keccak256, toHex } from 'viem';
import type { AccountChange } from '../../../src/merkle/change.js';
import { pathOfKey } from '../../../src/trie/path.js';

const keyOf = (name: string) => pathOfKey(keccak256(toHex(name)));

/** So many accounts, and one with as many slots. */
export function manyChanges(count: number, value = 1n): AccountChange[] {
  const names = Array.from({ length: count }, (_, n) => keyOf(String(n)));
  const hot = { key: keyOf('hot'), fields: { balance: 1n }, slots: names.map((key) => ({ key, value })) };
  return [hot, ...names.map((key) => ({ key, fields: { balance: value }, slots: [] }))];
}
