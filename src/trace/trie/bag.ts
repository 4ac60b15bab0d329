import { mod } from '../../bus/field.js';
import { accountleaf } from '../../chips/accountleaf.js';
import { branch } from '../../chips/branch.js';
import type { Columns, RowOf, TraceRow } from '../../chips/chip.js';
import { ext } from '../../chips/ext.js';
import { nokey4, nokey8 } from '../../chips/nokey.js';
import { open2, open4, open8 } from '../../chips/open.js';
import { slotleaf } from '../../chips/slotleaf.js';
import { voidBeside } from '../../chips/void.js';
import { digestInputs, digestOf } from '../../trie/digest.js';
import type { BranchNode, ExtensionNode, LeafNode, NodeReader, TrieNode } from '../../trie/node.js';
import { type Path, pathNumber, positionOf, splitPath, TAIL_NIBBLES } from '../../trie/path.js';
import { accountFields } from '../../trie/statement.js';

/** A place in a trie, with the nibbles that lead to it. */
export interface Site {
  readonly trie: bigint;
  readonly at: Path;
}

/** The site after more nibbles. */
export function under({ trie, at }: Site, path: Path): Site {
  return { trie, at: at + path };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly bigint[] ? bigint[] : T[K] };
type Row<C extends { columns: Columns }> = Mutable<RowOf<C['columns']>>;

interface Entry {
  readonly chip: string;
  readonly row: Record<string, bigint | bigint[]>;
  readonly origin: string;
}

/** Which of the two tries a row's node is in; for its origin only. */
export type Side = 'pre' | 'post';

/**
 * The rows of one trace: at most one per chip, place and node, whose weights callers raise. Knows the nodes, also those that
 * opening or cutting a leaf or an extension derives.
 */
export class TrieRowBag {
  readonly #entries = new Map<string, Entry>();
  readonly #branches = new Map<bigint, Row<typeof branch>>();
  readonly #derived = new Map<bigint, TrieNode>();
  readonly #get: NodeReader;
  readonly #nameOf: (trie: bigint) => string;

  /** `nameOf` names a trie in origins, e.g. `account trie`. */
  constructor(get: NodeReader, nameOf: (trie: bigint) => string) {
    this.#get = get;
    this.#nameOf = nameOf;
  }

  /** A node of a trie or one derived by {@link shorten}. */
  node(digest: bigint): TrieNode {
    return this.#derived.get(digest) ?? this.#get(digest);
  }

  branch(site: Site, X: bigint, side: Side): Row<typeof branch> {
    const row = this.#row<typeof branch>(branch.name, site, X, side, () => ({
      ...place(site),
      X,
      c: [...(this.node(X) as BranchNode).children],
      s: 0n,
      m: 0n,
      e: 0n,
      a: Array<bigint>(16).fill(0n),
    }));
    this.#branches.set(X, row);
    return row;
  }

  ext(site: Site, X: bigint, side: Side): Row<typeof ext> {
    return this.#row<typeof ext>(ext.name, site, X, side, () => {
      const { path, child } = this.node(X) as ExtensionNode;
      return { ...place(site), X, ...pathColumns(path), C: child, s: 0n, e: 0n, en: 0n, m: 0n };
    });
  }

  slotleaf(site: Site, X: bigint, side: Side): Row<typeof slotleaf> {
    return this.#row<typeof slotleaf>(slotleaf.name, site, X, side, () => {
      const [head, tail, hi, lo] = digestInputs(this.node(X));
      return { ...place(site), X, head: head!, tail: tail!, hi: hi!, lo: lo!, s: 0n, e: 0n };
    });
  }

  /** The leaf of listed account i; raising s or e demands en = 1. */
  accountleaf(site: Site, X: bigint, side: Side, i: bigint): Row<typeof accountleaf> {
    return this.#row<typeof accountleaf>(accountleaf.name, site, X, side, () => {
      const { path, value } = this.node(X) as LeafNode;
      if (value.kind !== 'account') throw new TypeError('accountleaf is for account leaves');
      const { q, d } = place(site);
      const fields = accountFields(i, value.account);
      return { q, d, X, ...splitPath(path), ...fields, S: value.storageRoot, s: 0n, e: 0n, en: 0n, mr: 0n, ms: 0n };
    });
  }

  /** Derives the leaf or extension X without its first `nibbles`, so that it is known as a node; returns its digest. */
  shorten(X: bigint, nibbles: number): bigint {
    const node = this.node(X) as ExtensionNode | LeafNode;
    const shorter: TrieNode = { ...node, path: node.path.slice(nibbles) };
    const Y = digestOf(shorter);
    this.#derived.set(Y, shorter);
    return Y;
  }

  /** Takes the first nibble off a leaf or an extension of two nibbles or more, `s` times; returns nibble and new digest. */
  open(site: Site, X: bigint, side: Side, s: bigint): { nibble: Path; Y: bigint } {
    const node = this.node(X) as ExtensionNode | LeafNode;
    const Y = this.shorten(X, 1);
    const shorter = this.node(Y) as ExtensionNode | LeafNode;
    const [path, second, ...more] = digestInputs(shorter);
    const chip = more.length === 0 ? open2 : more.length === 2 ? open4 : open8;
    const row = this.#row<typeof open2>(chip.name, site, X, side, () => ({
      ...place(site),
      n: BigInt(`0x${node.path[0]}`),
      X,
      Y,
      path: path!,
      w: 16n ** BigInt(shorter.path.length - (node.kind === 'leaf' ? TAIL_NIBBLES : 0)),
      second: second!,
      ...(more.length === 0 ? {} : { more }),
      s: 0n,
    }));
    row.s += s;
    return { nibble: node.path[0]!, Y };
  }

  /** Shows, for a key that goes along `path2` beside the extension X, that nothing stands there; `m` keys. */
  void(site: Site, X: bigint, path2: Path, m: bigint): void {
    const { path, child } = this.node(X) as ExtensionNode;
    const row = this.#row<typeof voidBeside>(
      voidBeside.name,
      site,
      X,
      'pre',
      () => ({ ...place(site), X, ...pathColumns(path), path2: pathNumber(path2), C: child, e: 1n, m: 0n }),
      path2,
    );
    row.m += m;
  }

  /** Shows that the leaf X is not the one of a key whose rest here is `path2`. */
  nokey(site: Site, X: bigint, path2: Path): void {
    const [head, tail, ...v] = digestInputs(this.node(X));
    const { head: head2, tail: tail2 } = splitPath(path2);
    const chip = v.length === 2 ? nokey4.name : nokey8.name;
    const make = () => ({ ...place(site), X, head: head!, tail: tail!, v, head2, tail2, e: 1n });
    this.#row<typeof nokey4>(chip, site, X, 'pre', make, path2);
  }

  /** The finished rows: extensions' lookups of BRANCH are supplied, rows without any weight left out. */
  finish(): TraceRow[] {
    for (const { chip, row } of [...this.#entries.values()]) {
      if (chip !== ext.name) continue;
      // Weights of one row may have added up to nothing; then it needs no lookup.
      row.en = row.s === 0n ? 0n : 1n;
      if (row.en === 0n) continue;
      const child = row.C as bigint;
      // A branch that nothing else needs stands anywhere: the root of trie 0 is as good a place as any.
      const target = this.#branches.get(child) ?? this.branch({ trie: 0n, at: '' }, child, 'pre');
      target.m += 1n;
    }
    return [...this.#entries.values()]
      .map(({ chip, row, origin }) => {
        const cells = Object.entries(row).map(([k, v]) => [k, typeof v === 'bigint' ? mod(v) : v.map(mod)] as const);
        return { chip, row: Object.fromEntries(cells) as RowOf<Columns>, origin };
      })
      .filter(({ row }) => ['s', 'm', 'e', 'en'].some((weight) => (row[weight] ?? 0n) !== 0n));
  }

  #row<C extends { columns: Columns }>(
    chip: string,
    site: Site,
    X: bigint,
    side: Side,
    make: () => Row<C>,
    more = '',
  ): Row<C> {
    const key = [chip, site.trie, site.at, X, more].join();
    const known = this.#entries.get(key);
    if (known !== undefined) return known.row as Row<C>;
    const where = site.at === '' ? 'at the root' : `at ${site.at} (depth ${site.at.length})`;
    const entry = { chip, row: make(), origin: `${chip} ${where} of the ${this.#nameOf(site.trie)}, ${side} state` };
    this.#entries.set(key, entry as Entry);
    return entry.row;
  }
}

function place({ trie, at }: Site): { trie: bigint; q: bigint; d: bigint } {
  return { trie, ...positionOf(at) };
}

function pathColumns(path: Path): { path: bigint; w: bigint; len: bigint } {
  return { path: pathNumber(path), w: 16n ** BigInt(path.length), len: BigInt(path.length) };
}
