import { createMPT, type MerklePatriciaTrie } from '@ethereumjs/mpt';
import { mptDigest, mptValue } from '../../../src/trie/mpt.js';
import type { LeafValue } from '../../../src/trie/node.js';
import type { Path } from '../../../src/trie/path.js';

/** Ethereum's own trie implementation with this project's digests: the reference for roots. Keys are given as they are. */
export class MptReference {
  readonly #trie: MerklePatriciaTrie;

  private constructor(trie: MerklePatriciaTrie) {
    this.#trie = trie;
  }

  static async create(): Promise<MptReference> {
    return new MptReference(await createMPT({ useKeyHashing: false, useKeyHashingFunction: memoized(mptDigest) }));
  }

  /** Inserts, updates or (null) deletes. */
  async put(key: Path, value: LeafValue | null): Promise<void> {
    await this.#trie.put(Buffer.from(key, 'hex'), value === null ? new Uint8Array(0) : mptValue(value));
  }

  root(): bigint {
    return BigInt(`0x${Buffer.from(this.#trie.root()).toString('hex')}`);
  }
}

/** The reference hashes unchanged nodes again and again; remembering them makes ten thousand updates bearable. */
function memoized(digest: (rlp: Uint8Array) => Uint8Array): (rlp: Uint8Array) => Uint8Array {
  const known = new Map<string, Uint8Array>();
  return (rlp) => {
    const key = Buffer.from(rlp).toString('latin1');
    const found = known.get(key) ?? digest(rlp);
    known.set(key, found);
    return found;
  };
}
