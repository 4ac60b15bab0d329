import { hintOf } from '../../trie/hint.js';
import type { BranchNode, ExtensionNode, LeafNode } from '../../trie/node.js';
import type { Path } from '../../trie/path.js';
import { type Site, type TrieRowBag, under } from './bag.js';
import type { ListedKey } from './update.js';

/** A key that is looked up in pre. For accounts: whether the fields are read, and how often the storage root is used. */
export interface Read extends ListedKey {
  readonly fields: boolean;
  readonly rootUses: bigint;
}

/** Rows that show what stands at these keys in the trie `root`; sets their pre hints. Returns how often AT(root) is used. */
export function readRows(bag: TrieRowBag, trie: bigint, root: bigint, reads: readonly Read[]): bigint {
  return reads.length === 0 ? 0n : walk(bag, { trie, at: '' }, root, reads);
}

function walk(bag: TrieRowBag, site: Site, X: bigint, reads: readonly Read[]): bigint {
  const depth = site.at.length;
  if (X === 0n) {
    for (const { hints } of reads) hints.preHint = hintOf('void', depth);
    return BigInt(reads.length);
  }
  const node = bag.node(X);
  if (node.kind === 'branch') return readBranch(bag, site, X, node, reads);
  const on = reads.filter(({ key }) => key.startsWith(node.path, depth));
  const off = reads.filter(({ key }) => !key.startsWith(node.path, depth));
  return node.kind === 'extension' ? readExtension(bag, site, X, node, on, off) : readLeaf(bag, site, X, node, on, off);
}

function readBranch(bag: TrieRowBag, site: Site, X: bigint, node: BranchNode, reads: readonly Read[]): bigint {
  const row = bag.branch(site, X, 'pre');
  row.e = 1n;
  node.children.forEach((child, n) => {
    const nibble = n.toString(16);
    const below = reads.filter(({ key }) => key[site.at.length] === nibble);
    if (below.length > 0) row.a[n] = walk(bag, under(site, nibble), child, below);
  });
  return 1n;
}

function readExtension(
  bag: TrieRowBag,
  site: Site,
  X: bigint,
  node: ExtensionNode,
  on: readonly Read[],
  off: readonly Read[],
): bigint {
  let uses = 0n;
  if (on.length > 0) {
    const row = bag.ext(site, X, 'pre');
    row.e = 1n;
    row.m = walk(bag, under(site, node.path), node.child, on);
    uses++;
  }
  const end = site.at.length + node.path.length;
  const besides = new Map<Path, bigint>();
  for (const { key, hints } of off) {
    const path = key.slice(site.at.length, end);
    besides.set(path, (besides.get(path) ?? 0n) + 1n);
    hints.preHint = hintOf('void', end);
  }
  for (const [path, keys] of besides) bag.void(site, X, path, keys);
  return uses + BigInt(besides.size);
}

function readLeaf(
  bag: TrieRowBag,
  site: Site,
  X: bigint,
  node: LeafNode,
  on: readonly Read[],
  off: readonly Read[],
): bigint {
  const depth = site.at.length;
  for (const { hints, i, fields, rootUses } of on) {
    hints.preHint = hintOf('value', depth);
    if (node.value.kind === 'slot') {
      bag.slotleaf(site, X, 'pre').e = 1n;
      continue;
    }
    const row = bag.accountleaf(site, X, 'pre', i);
    row.e = 1n;
    row.en = 1n;
    row.mr = fields ? 1n : 0n;
    row.ms = rootUses;
  }
  for (const { hints, key } of off) {
    hints.preHint = hintOf('nokey', depth);
    bag.nokey(site, X, key.slice(depth));
  }
  return BigInt(on.length + off.length);
}
