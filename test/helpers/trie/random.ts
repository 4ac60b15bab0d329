import { keccak256, toHex } from 'viem';
import { EMPTY_CODE_HASH } from '../../../src/batch/types.js';
import type { LeafValue } from '../../../src/trie/node.js';
import { type Path, pathOfKey } from '../../../src/trie/path.js';
import type { Random } from '../chips/random.js';

/** How keys are made: hashed like Ethereum's, or raw ones that share up to 61 nibbles (what hashing makes too expensive). */
export type KeyKind = 'secure' | 'raw';

/** Nibbles that raw keys differ in; the last two stay, since leaves need them. */
const DIFFERING = 62;

/** The key of a name, hashed. */
export function secureKey(name: string): Path {
  return pathOfKey(keccak256(toHex(name)));
}

/** A source of keys that repeats itself often enough for updates and deletes, and is dense enough for splits and collapses. */
export function keyPicker(random: Random, kind: KeyKind): () => Path {
  if (kind === 'secure') {
    const names = 1 + random.int(300);
    return () => secureKey(String(random.int(names)));
  }
  const nibbles = () => Array.from({ length: 64 }, () => random.int(16));
  const stem = nibbles();
  const forks = Array.from({ length: 6 }, () => random.int(DIFFERING));
  const tails = Array.from({ length: 4 }, nibbles);
  const spread = 1 + random.int(3);
  return () => {
    const key = [...stem];
    let left = false;
    for (const fork of forks) {
      if (random.int(10) >= 3) continue;
      key[fork] = (key[fork]! + 1 + random.int(spread)) % 16;
      if (random.int(10) < 6) {
        key.splice(fork + 1, 64, ...random.pick(tails).slice(fork + 1));
        left = true;
        break;
      }
    }
    if (!left && random.bool()) key[DIFFERING - 1] = random.int(3);
    key.splice(DIFFERING, 2, ...stem.slice(DIFFERING));
    return key.map((nibble) => nibble.toString(16)).join('');
  };
}

/** A slot's value: small ones (nodes that Ethereum would embed in their parents) as often as large ones. */
export function randomSlot(random: Random): LeafValue {
  return { kind: 'slot', value: 1n + (random.bool() ? random.bits(6) : random.bits(8 * (1 + random.int(31)))) };
}

/** An account without storage. */
export function randomAccount(random: Random): LeafValue {
  const account = { nonce: random.bits(20), balance: 1n + random.bits(1 + random.int(200)), codeHash: EMPTY_CODE_HASH };
  return { kind: 'account', account, storageRoot: 0n };
}
