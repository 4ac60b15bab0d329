import { TrieError } from '../../errors/trie.js';
import { type Hint, hintOf } from '../../trie/hint.js';
import type { BranchNode } from '../../trie/node.js';
import type { Path } from '../../trie/path.js';
import { type Side, type Site, type TrieRowBag, under } from './bag.js';

/** Where a key's leaf stands, filled in while rows are made. */
export interface Hints {
  preHint: Hint;
  postHint: Hint;
}

/** A key of the access list; `i` is the account's number in the account trie, unused in storage tries. */
export interface ListedKey {
  readonly key: Path;
  readonly i: bigint;
  readonly hints: Hints;
}

const SIDES = ['pre', 'post'] as const;
/** A node of pre counts once, one of post minus once. */
const WEIGHT = { pre: 1n, post: -1n } as const;
const NO_CHILDREN: readonly bigint[] = Array<bigint>(16).fill(0n);

/**
 * Rows that turn pre@root - post@root into the leaves of `changed`, each on the sides where it stands, and set its hints.
 * What both tries have at the same place cancels and is not looked at.
 * @throws TrieError `TRIE_UNLISTED_CHANGE` when the tries differ elsewhere
 */
export function updateRows(
  bag: TrieRowBag,
  trie: bigint,
  pre: bigint,
  post: bigint,
  changed: ReadonlyMap<Path, ListedKey>,
): void {
  walk(bag, { trie, at: '' }, { pre, post }, changed);
}

/** The digest on each side of a place, 0 for nothing. */
type Pair = Readonly<Record<Side, bigint>>;

function walk(bag: TrieRowBag, site: Site, both: Pair, changed: ReadonlyMap<Path, ListedKey>): void {
  if (both.pre === both.post) return;
  const left = {
    pre: endListedLeaf(bag, site, both.pre, 'pre', changed),
    post: endListedLeaf(bag, site, both.post, 'post', changed),
  };
  if (left.pre === left.post) return;
  // Down to the nearest branch of either side; the other side follows it, nibble by nibble.
  const stems = SIDES.map((side) => stemOf(bag, left[side])).filter((stem) => stem !== null);
  const stem = stems.sort((a, b) => a.length - b.length)[0];
  if (stem === undefined) throw unlisted(site);
  const onStem = { ...left };
  for (const side of SIDES) {
    if (left[side] === 0n || isOn(bag, left[side], stem)) continue;
    onStem[side] = 0n;
    walk(bag, site, side === 'pre' ? { pre: left.pre, post: 0n } : { pre: 0n, post: left.post }, changed);
  }
  const pre = childrenAfter(bag, site, onStem.pre, 'pre', stem);
  const post = childrenAfter(bag, site, onStem.post, 'post', stem);
  for (let n = 0; n < 16; n++) {
    walk(bag, under(site, stem + n.toString(16)), { pre: pre[n]!, post: post[n]! }, changed);
  }
}

/** Ends a changed leaf in its own row and returns 0; returns X when it is no changed leaf. */
function endListedLeaf(
  bag: TrieRowBag,
  site: Site,
  X: bigint,
  side: Side,
  changed: ReadonlyMap<Path, ListedKey>,
): bigint {
  if (X === 0n) return X;
  const node = bag.node(X);
  const listed = node.kind === 'leaf' ? changed.get(site.at + node.path) : undefined;
  if (node.kind !== 'leaf' || listed === undefined) return X;
  if (node.value.kind === 'slot') {
    bag.slotleaf(site, X, side).s += WEIGHT[side];
  } else {
    const row = bag.accountleaf(site, X, side, listed.i);
    row.s += WEIGHT[side];
    row.en = 1n;
  }
  listed.hints[side === 'pre' ? 'preHint' : 'postHint'] = hintOf('value', site.at.length);
  return 0n;
}

/** Nibbles down to the branch that X leads to; null for a leaf or nothing. */
function stemOf(bag: TrieRowBag, X: bigint): Path | null {
  if (X === 0n) return null;
  const node = bag.node(X);
  return node.kind === 'branch' ? '' : node.kind === 'extension' ? node.path : null;
}

/** Whether what stands here goes along the stem. */
function isOn(bag: TrieRowBag, X: bigint, stem: Path): boolean {
  const node = bag.node(X);
  return node.kind === 'branch' || node.path.startsWith(stem);
}

/** Takes one side down the stem and one nibble further: its children there, with all rows on the way. */
function childrenAfter(bag: TrieRowBag, from: Site, top: bigint, side: Side, stem: Path): readonly bigint[] {
  if (top === 0n) return NO_CHILDREN;
  const node = bag.node(top);
  if (node.kind === 'leaf') return onlyChild(node.path[stem.length]!, openLeaf(bag, from, top, side, stem.length + 1));
  if (node.kind === 'extension' && node.path.length > stem.length) {
    const path = node.path.slice(0, stem.length + 1);
    const child = path === node.path ? through(bag, from, top, side) : cut(bag, from, top, side, path);
    return onlyChild(path.at(-1)!, child);
  }
  const X = node.kind === 'extension' ? through(bag, from, top, side) : top;
  bag.branch(under(from, stem), X, side).s += WEIGHT[side];
  return (bag.node(X) as BranchNode).children;
}

function onlyChild(nibble: Path, child: bigint): readonly bigint[] {
  const children = [...NO_CHILDREN];
  children[Number.parseInt(nibble, 16)] = child;
  return children;
}

/** A leaf without its first `nibbles`, a row for each. */
function openLeaf(bag: TrieRowBag, from: Site, top: bigint, side: Side, nibbles: number): bigint {
  let [X, site] = [top, from];
  for (let k = 0; k < nibbles; k++) {
    const { nibble, Y } = bag.open(site, X, side, WEIGHT[side]);
    [X, site] = [Y, under(site, nibble)];
  }
  return X;
}

/**
 * An extension without `path`, the first part of its own. One nibble goes by `open2`. More go through the whole extension and
 * back up the shorter one: two rows of `ext`, however many nibbles. Whoever makes accounts with a long common prefix chooses
 * the number of nibbles, and one row for each could make a batch too large to be proven.
 */
function cut(bag: TrieRowBag, site: Site, X: bigint, side: Side, path: Path): bigint {
  if (path.length === 1) return bag.open(site, X, side, WEIGHT[side]).Y;
  through(bag, site, X, side);
  const Y = bag.shorten(X, path.length);
  const row = bag.ext(under(site, path), Y, side);
  row.s -= WEIGHT[side];
  row.en = 1n;
  return Y;
}

/** A whole extension in one row. */
function through(bag: TrieRowBag, site: Site, X: bigint, side: Side): bigint {
  const row = bag.ext(site, X, side);
  row.s += WEIGHT[side];
  row.en = 1n;
  return row.C;
}

function unlisted({ trie, at }: Site): TrieError {
  return new TrieError(
    'TRIE_UNLISTED_CHANGE',
    `Trie ${trie} differs between pre and post at ${at === '' ? 'its root' : at}, where the access list has no change.`,
    { hint: 'The post root does not belong to this access list.' },
  );
}
