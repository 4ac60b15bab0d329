import { nodeKey } from '../../../src/merkle/record.js';
import type { Place, PlacedNode, StateNodes, StateUpdate } from '../../../src/merkle/types.js';
import { decodeNode, encodeNode } from '../../../src/trie/codec.js';
import { digestOf } from '../../../src/trie/digest.js';
import { nodeMissing } from '../../../src/trie/store.js';

/** A state's tries in memory, by place. */
export class MemoryNodes implements StateNodes {
  root = 0n;
  readonly placed = new Map<string, PlacedNode>();
  /** Calls of `getMany`. */
  reads = 0;

  async getMany(places: readonly Place[]): Promise<Uint8Array[]> {
    this.reads++;
    return places.map((place) => {
      const found = this.placed.get(nameOf(place));
      if (found === undefined) throw nodeMissing(0n);
      return encodeNode(found.node);
    });
  }

  /** Also checks what the update says of the state before it. */
  apply({ root, put, del, old }: StateUpdate): void {
    if (old.size !== put.size + del.length) throw new Error(`${old.size} old nodes of ${put.size} and ${del.length}`);
    for (const [key, bytes] of old) {
      const found = this.placed.get(key.slice(1));
      if (Buffer.compare(bytes, found === undefined ? new Uint8Array(0) : encodeNode(found.node)) !== 0) {
        throw new Error(`another node stood at ${key}`);
      }
    }
    for (const key of del) {
      if (!this.placed.delete(key.slice(1))) throw new Error(`nothing stood at ${key}`);
    }
    for (const [key, bytes] of put) {
      const node = decodeNode(bytes);
      const [trie, path] = key.slice(1).split('/') as [string, string];
      this.placed.set(key.slice(1), { trie, path, node, digest: digestOf(node) });
    }
    this.root = root;
  }
}

export function nameOf({ trie, path }: Place): string {
  return nodeKey({ trie, path }).slice(1);
}
