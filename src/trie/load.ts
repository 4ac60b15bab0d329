import type { TrieNode } from './node.js';
import type { Path } from './path.js';
import type { TrieStore } from './store.js';

/** A trie by its root, and keys whose surroundings are wanted. */
export interface Wanted {
  readonly root: bigint;
  readonly keys: readonly Path[];
}

/**
 * Loads into `nodes` what updating, reading or tracing the keys of these tries looks at: the nodes on their paths, the child
 * of every extension met, and the one child of a branch that no key goes to when all its other children are on paths (it may
 * merge with its parent). One look-up per level of depth, for all tries at once.
 */
export async function loadPaths(
  store: TrieStore,
  wanted: readonly Wanted[],
  nodes: Map<bigint, TrieNode>,
): Promise<void> {
  let front: Omit<Step, 'step'>[] = wanted.map(({ root, keys }) => ({ digest: root, rest: keys }));
  while (front.length > 0) {
    front = front.filter(({ digest }) => digest !== 0n);
    const missing = [...new Set(front.map(({ digest }) => digest))].filter((digest) => !nodes.has(digest));
    const found = await store.getMany(missing);
    for (const [i, digest] of missing.entries()) nodes.set(digest, found[i]!);
    front = front.flatMap(({ digest, rest }) => (rest.length === 0 ? [] : below(nodes.get(digest)!, rest)));
  }
}

/** A node to look at below another. */
export interface Step {
  /** Nibbles from the node above. */
  readonly step: Path;
  readonly digest: bigint;
  /** The wanted keys that lead here, from here on. */
  readonly rest: readonly Path[];
}

/** What to look at below a node; `rest` are the keys from here on. */
export function below(node: TrieNode, rest: readonly Path[]): Step[] {
  if (node.kind === 'leaf') return [];
  if (node.kind === 'extension') {
    const on = rest.filter((path) => path.startsWith(node.path)).map((path) => path.slice(node.path.length));
    return [{ step: node.path, digest: node.child, rest: on }];
  }
  const byNibble = new Map<string, Path[]>();
  for (const path of rest) {
    const nibble = path[0]!;
    const on = byNibble.get(nibble);
    if (on === undefined) byNibble.set(nibble, [path.slice(1)]);
    else on.push(path.slice(1));
  }
  const steps: Step[] = [];
  const off: Step[] = [];
  for (let n = 0; n < 16; n++) {
    const [step, digest] = [n.toString(16), node.children[n]!];
    const on = byNibble.get(step);
    if (on !== undefined) steps.push({ step, digest, rest: on });
    else if (digest !== 0n && off.length < 2) off.push({ step, digest, rest: [] });
  }
  return off.length === 1 ? [...steps, ...off] : steps;
}
