import { TrieError } from '../errors/trie.js';
import { digestOf } from './digest.js';
import { type Draft, type DraftRef, type LeafValue, type NodeReader, sameValue, type TrieNode } from './node.js';
import type { Path } from './path.js';

/** A key of 64 nibbles and its new content; null deletes it. */
export interface LeafChange<Ref = bigint> {
  readonly key: Path;
  readonly value: LeafValue<Ref> | null;
}

/** A trie after a batch of changes. */
export interface UpdatedTrie {
  readonly root: bigint;
  /** The nodes that the old trie has not at these places, by digest. */
  readonly nodes: ReadonlyMap<bigint, TrieNode>;
}

/** A trie after a batch of changes, not hashed yet. */
export interface ChangedTrie {
  /** Drafts stand exactly at the places of new and changed nodes, each once. */
  readonly top: DraftRef;
  /** Where nodes of the old trie stood that do not stand there any more; a draft may. */
  readonly left: readonly Path[];
}

const NONE: readonly DraftRef[] = Array<DraftRef>(16).fill(0n);
/** Below a node with fewer changes no break is made. */
const SHORT = 32;

/**
 * Applies any number of inserts, updates and deletes to the trie `root` at once: walks each touched path once and hashes
 * each changed node once, at the end. Deleting an absent key and writing an old value change nothing. `get` must know the
 * nodes on the keys' paths and the last sibling of a branch that loses all other children (load.ts loads exactly these).
 * @throws TrieError `TRIE_BAD_STATEMENT` (a key twice), `TRIE_KEYS_TOO_CLOSE`, `TRIE_NODE_MISSING`
 */
export function updateTrie(root: bigint, changes: readonly LeafChange[], get: NodeReader): UpdatedTrie {
  const nodes = new Map<bigint, TrieNode>();
  const steps = changeTrie(root, changes, get);
  for (;;) {
    const step = steps.next();
    if (step.done) return { root: seal(step.value.top, nodes), nodes };
  }
}

/** {@link updateTrie} without hashing. Yields between pieces of work, for a caller that lets others have a turn. */
export function* changeTrie(
  root: bigint,
  changes: readonly LeafChange<DraftRef>[],
  get: NodeReader,
): Generator<void, ChangedTrie> {
  const sorted = [...changes].sort((a, b) => (a.key < b.key ? -1 : 1));
  const twice = sorted.find(({ key }, i) => i > 0 && key === sorted[i - 1]!.key);
  if (twice !== undefined) throw new TrieError('TRIE_BAD_STATEMENT', `Key ${twice.key} is changed twice in one batch.`);
  const left: Path[] = [];
  const top = yield* apply(root, 0, sorted, { get, left });
  return { top, left };
}

interface Walk {
  readonly get: NodeReader;
  readonly left: Path[];
}

/** The subtree `ref` at `depth` after the changes, all of which lead here. Returns `ref` itself when nothing changes. */
function* apply(
  ref: DraftRef,
  depth: number,
  changes: readonly LeafChange<DraftRef>[],
  walk: Walk,
): Generator<void, DraftRef> {
  const [only] = changes;
  if (only === undefined) return ref;
  if (changes.length >= SHORT) yield;
  const place = only.key.slice(0, depth);
  const after = yield* changed(ref, place, changes, walk);
  if (after !== ref && typeof ref === 'bigint' && ref !== 0n) walk.left.push(place);
  return after;
}

function* changed(
  ref: DraftRef,
  place: Path,
  changes: readonly LeafChange<DraftRef>[],
  walk: Walk,
): Generator<void, DraftRef> {
  const depth = place.length;
  const node = open(ref, walk.get);
  const [only] = changes;
  if (changes.length === 1 && (node === null || (node.kind === 'leaf' && only!.key.endsWith(node.path)))) {
    if (only!.value === null) return 0n;
    if (node?.kind === 'leaf' && sameValue(node.value, only!.value)) return ref;
    return { kind: 'leaf', path: only!.key.slice(depth), value: only!.value };
  }
  // Every node is looked at as a branch; a leaf or an extension is one with a single child.
  const children = node === null ? NONE : node.kind === 'branch' ? node.children : single(node);
  const after = [...children];
  let differs = false;
  for (let from = 0; from < changes.length; ) {
    const nibble = changes[from]!.key[depth]!;
    let to = from + 1;
    while (to < changes.length && changes[to]!.key[depth] === nibble) to++;
    const n = Number.parseInt(nibble, 16);
    after[n] = yield* apply(children[n]!, depth + 1, changes.slice(from, to), walk);
    differs ||= after[n] !== children[n];
    from = to;
  }
  return differs ? branchOf(after, place, walk) : ref;
}

function open(ref: DraftRef, get: NodeReader): Draft | null {
  if (typeof ref !== 'bigint') return ref;
  return ref === 0n ? null : get(ref);
}

/** A leaf or an extension as the children of a branch at its place. */
function single(node: Exclude<Draft, { kind: 'branch' }>): readonly DraftRef[] {
  const path = node.path.slice(1);
  const children = [...NONE];
  const child = node.kind === 'extension' && path === '' ? node.child : { ...node, path };
  children[Number.parseInt(node.path[0]!, 16)] = child;
  return children;
}

/** What stands in place of a branch with these children: nothing, its one child with a longer path, or the branch. */
function branchOf(children: readonly DraftRef[], place: Path, { get, left }: Walk): DraftRef {
  const there = children.flatMap((child, n) => (child === 0n ? [] : [n]));
  if (there.length === 0) return 0n;
  if (there.length > 1) return { kind: 'branch', children };
  const nibble = there[0]!.toString(16);
  const child = children[there[0]!]!;
  const node = open(child, get)!;
  if (node.kind === 'branch') return { kind: 'extension', path: nibble, child };
  if (typeof child === 'bigint') left.push(place + nibble);
  return { ...node, path: nibble + node.path };
}

/** Hashes what is not hashed yet, children first, and collects it. */
function seal(ref: DraftRef, nodes: Map<bigint, TrieNode>): bigint {
  if (typeof ref === 'bigint') return ref;
  const node = sealed(ref, (child) => seal(child, nodes));
  const digest = digestOf(node);
  nodes.set(digest, node);
  return digest;
}

/** A draft with digests in place of drafts. */
export function sealed(draft: Draft, digest: (ref: DraftRef) => bigint): TrieNode {
  if (draft.kind === 'branch') return { kind: 'branch', children: draft.children.map(digest) };
  if (draft.kind === 'extension') return { ...draft, child: digest(draft.child) };
  const { kind, path, value } = draft;
  if (value.kind === 'slot') return { kind, path, value };
  return { kind, path, value: { ...value, storageRoot: digest(value.storageRoot) } };
}
