import { TrieError } from '../errors/trie.js';
import type { NodeReader, TrieNode } from './node.js';

/** Nodes by digest and state roots by batch number. Append only: nodes are named by their content and never change. */
export interface TrieStore {
  /** Nodes by digest, in order. Throws TrieError `TRIE_NODE_MISSING`. */
  getMany(digests: readonly bigint[]): Promise<TrieNode[]>;
  /** The state root after a batch (0: genesis), undefined when none is known. */
  rootOf(number: bigint): Promise<bigint | undefined>;
  /** Writes nodes and roots (batch number to root) in one atomic step. */
  write(nodes: Iterable<readonly [bigint, TrieNode]>, roots?: Iterable<readonly [bigint, bigint]>): Promise<void>;
}

/** The error for a digest that no node is known for. */
export function nodeMissing(digest: bigint): TrieError {
  return new TrieError('TRIE_NODE_MISSING', `No trie node has the digest ${digest}.`, {
    hint: 'The state of that root was never built here, or the node store is damaged: build the state trie anew.',
    details: { digest: String(digest) },
  });
}

/** A reader over nodes in memory. */
export function readerOf(nodes: ReadonlyMap<bigint, TrieNode>): NodeReader {
  return (digest) => {
    const node = nodes.get(digest);
    if (node === undefined) throw nodeMissing(digest);
    return node;
  };
}

/** A store in memory. */
export class MemoryTrieStore implements TrieStore {
  readonly nodes = new Map<bigint, TrieNode>();
  readonly roots = new Map<bigint, bigint>();
  /** Synchronous look-up. */
  readonly get: NodeReader = readerOf(this.nodes);

  async getMany(digests: readonly bigint[]): Promise<TrieNode[]> {
    return digests.map(this.get);
  }

  async rootOf(number: bigint): Promise<bigint | undefined> {
    return this.roots.get(number);
  }

  async write(
    nodes: Iterable<readonly [bigint, TrieNode]>,
    roots: Iterable<readonly [bigint, bigint]> = [],
  ): Promise<void> {
    for (const [digest, node] of nodes) this.nodes.set(digest, node);
    for (const [number, root] of roots) this.roots.set(number, root);
  }
}
