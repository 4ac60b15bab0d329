import { TrieError } from '../errors/trie.js';
import { digestOf } from './digest.js';
import { type LeafNode, type LeafValue, type NodeReader, sameValue, type TrieNode } from './node.js';
import type { Path } from './path.js';

/** A key of 64 nibbles and its new content; null deletes it. */
export interface LeafChange {
  readonly key: Path;
  readonly value: LeafValue | null;
}

/** A trie after a batch of changes. */
export interface UpdatedTrie {
  readonly root: bigint;
  /** The nodes that the old trie has not at these places, by digest. */
  readonly nodes: ReadonlyMap<bigint, TrieNode>;
}

/** A node by digest (0: none), or one that is not hashed yet. */
type Ref = bigint | Draft;
type Draft =
  | LeafNode
  | { readonly kind: 'branch'; readonly children: readonly Ref[] }
  | { readonly kind: 'extension'; readonly path: Path; readonly child: Ref };

const NONE: readonly Ref[] = Array<Ref>(16).fill(0n);

/**
 * Applies any number of inserts, updates and deletes to the trie `root` at once: walks each touched path once and hashes
 * each changed node once, at the end. Deleting an absent key and writing an old value change nothing. `get` must know the
 * nodes on the keys' paths and the last sibling of a branch that loses all other children (load.ts loads exactly these).
 * @throws TrieError `TRIE_BAD_STATEMENT` (a key twice), `TRIE_KEYS_TOO_CLOSE`, `TRIE_NODE_MISSING`
 */
export function updateTrie(root: bigint, changes: readonly LeafChange[], get: NodeReader): UpdatedTrie {
  const sorted = [...changes].sort((a, b) => (a.key < b.key ? -1 : 1));
  const twice = sorted.find(({ key }, i) => i > 0 && key === sorted[i - 1]!.key);
  if (twice !== undefined) throw new TrieError('TRIE_BAD_STATEMENT', `Key ${twice.key} is changed twice in one batch.`);
  const nodes = new Map<bigint, TrieNode>();
  const top = apply(root, 0, sorted, get);
  return { root: seal(top, nodes), nodes };
}

/** The subtree `ref` at `depth` after the changes, all of which lead here. Returns `ref` itself when nothing changes. */
function apply(ref: Ref, depth: number, changes: readonly LeafChange[], get: NodeReader): Ref {
  if (changes.length === 0) return ref;
  const node = open(ref, get);
  const [only] = changes;
  if (changes.length === 1 && (node === null || (node.kind === 'leaf' && only!.key.endsWith(node.path)))) {
    if (only!.value === null) return 0n;
    if (node?.kind === 'leaf' && sameValue(node.value, only!.value)) return ref;
    return { kind: 'leaf', path: only!.key.slice(depth), value: only!.value };
  }
  // Every node is looked at as a branch; a leaf or an extension is one with a single child.
  const children = node === null ? NONE : node.kind === 'branch' ? node.children : single(node);
  const after = [...children];
  let changed = false;
  for (let from = 0; from < changes.length; ) {
    const nibble = changes[from]!.key[depth]!;
    let to = from + 1;
    while (to < changes.length && changes[to]!.key[depth] === nibble) to++;
    const n = Number.parseInt(nibble, 16);
    after[n] = apply(children[n]!, depth + 1, changes.slice(from, to), get);
    changed ||= after[n] !== children[n];
    from = to;
  }
  return changed ? branchOf(after, get) : ref;
}

function open(ref: Ref, get: NodeReader): Draft | null {
  if (typeof ref !== 'bigint') return ref;
  return ref === 0n ? null : get(ref);
}

/** A leaf or an extension as the children of a branch at its place. */
function single(node: Exclude<Draft, { kind: 'branch' }>): readonly Ref[] {
  const path = node.path.slice(1);
  const children = [...NONE];
  const child = node.kind === 'extension' && path === '' ? node.child : { ...node, path };
  children[Number.parseInt(node.path[0]!, 16)] = child;
  return children;
}

/** What stands in place of a branch with these children: nothing, its one child with a longer path, or the branch. */
function branchOf(children: readonly Ref[], get: NodeReader): Ref {
  const there = children.flatMap((child, n) => (child === 0n ? [] : [n]));
  if (there.length === 0) return 0n;
  if (there.length > 1) return { kind: 'branch', children };
  const nibble = there[0]!.toString(16);
  const child = children[there[0]!]!;
  const node = open(child, get)!;
  return node.kind === 'branch' ? { kind: 'extension', path: nibble, child } : { ...node, path: nibble + node.path };
}

/** Hashes what is not hashed yet, children first, and collects it. */
function seal(ref: Ref, nodes: Map<bigint, TrieNode>): bigint {
  if (typeof ref === 'bigint') return ref;
  const node: TrieNode =
    ref.kind === 'branch'
      ? { kind: 'branch', children: ref.children.map((child) => seal(child, nodes)) }
      : ref.kind === 'extension'
        ? { ...ref, child: seal(ref.child, nodes) }
        : ref;
  const digest = digestOf(node);
  nodes.set(digest, node);
  return digest;
}
