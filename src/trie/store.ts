import type { Level } from 'level';
import { TrieError } from '../errors/trie.js';
import { decodeNode, encodeNode } from './codec.js';
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

const BINARY = { keyEncoding: 'hex', valueEncoding: 'view' } as const;

/** A store in two sublevels of a Level database, which the caller opens and closes. */
export class LevelTrieStore implements TrieStore {
  readonly #db: Level<string, string>;
  readonly #nodes;
  readonly #roots;

  /** `name` keeps several tries of one database apart. */
  constructor(db: Level<string, string>, name = 'trie') {
    this.#db = db;
    this.#nodes = db.sublevel<string, Uint8Array>([name, 'nodes'], BINARY);
    this.#roots = db.sublevel<string, string>([name, 'roots'], {});
  }

  async getMany(digests: readonly bigint[]): Promise<TrieNode[]> {
    const found = await this.#nodes.getMany(digests.map(keyOf));
    return found.map((data, i) => {
      if (data === undefined) throw nodeMissing(digests[i]!);
      return decodeNode(data);
    });
  }

  async rootOf(number: bigint): Promise<bigint | undefined> {
    const root = await this.#roots.get(String(number));
    return root === undefined ? undefined : BigInt(root);
  }

  async write(
    nodes: Iterable<readonly [bigint, TrieNode]>,
    roots: Iterable<readonly [bigint, bigint]> = [],
  ): Promise<void> {
    const nodeWrites = Array.from(nodes, ([digest, node]) => {
      return { type: 'put', sublevel: this.#nodes, key: keyOf(digest), value: encodeNode(node) } as const;
    });
    const rootWrites = Array.from(roots, ([number, root]) => {
      return { type: 'put', sublevel: this.#roots, key: String(number), value: String(root) } as const;
    });
    await this.#db.batch<string, string | Uint8Array>([...nodeWrites, ...rootWrites], {});
  }
}

function keyOf(digest: bigint): string {
  return digest.toString(16).padStart(64, '0');
}
