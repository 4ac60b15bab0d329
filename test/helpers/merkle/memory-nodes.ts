import type { Place, PlacedNode, StateNodes, StateUpdate } from '../../../src/merkle/types.js';
import type { TrieNode } from '../../../src/trie/node.js';
import { nodeMissing } from '../../../src/trie/store.js';

/** A state's tries in memory, by place. */
export class MemoryNodes implements StateNodes {
  root = 0n;
  readonly placed = new Map<string, PlacedNode>();
  /** Calls of `getMany`. */
  reads = 0;

  async getMany(places: readonly Place[]): Promise<TrieNode[]> {
    this.reads++;
    return places.map((place) => {
      const found = this.placed.get(nameOf(place));
      if (found === undefined) throw nodeMissing(0n);
      return found.node;
    });
  }

  apply({ root, put, del }: StateUpdate): void {
    for (const place of del) {
      if (!this.placed.delete(nameOf(place))) throw new Error(`nothing stood at ${nameOf(place)}`);
    }
    for (const node of put) this.placed.set(nameOf(node), node);
    this.root = root;
  }
}

export function nameOf({ trie, path }: Place): string {
  return `${trie}/${path}`;
}
