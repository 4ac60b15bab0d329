import { describe, expect, it } from 'vitest';
import { mod, R } from '../../src/bus/field.js';
import { tuple } from '../../src/bus/tuple.js';
import { pathNumber } from '../../src/trie/path.js';
import {
  cell,
  changeRow,
  describeForgeries,
  editRow,
  type Forgery,
  rowByHand,
  rowOfChip,
} from '../helpers/trie/forgery.js';
import * as w from '../helpers/trie/forgery-world.js';
import { left, type Trace } from '../helpers/trie/slot-trace.js';

const { v1, v2, v3, change, trace, bare, lie, old, now, branchRow, leafRow, rest, nodes, place } = w;
const UNBALANCED = 'BUS_NOT_BALANCED';
const update1 = change('1', v1, v3);

const lies: Forgery[] = [
  [
    'untouched child changed',
    UNBALANCED,
    () => lie(w.pre, w.changed2, [update1, change('2', v2, v3)], [old('1', 1, v1), now('1', 1, v3)]),
  ],
  [
    'untouched child dropped',
    UNBALANCED,
    () => lie(w.pre, w.dropped2, [update1, change('2', v2, 0n)], [old('1', 1, v1), now('1', 1, v3)]),
  ],
  [
    'touched key skipped (post keeps the old value)',
    UNBALANCED,
    () => bare(w.pre, w.pre, [old('1', 1, v1), now('1', 1, v3)], []),
  ],
  ['unlisted key changed', UNBALANCED, () => lie(w.pre, w.updated, [update1], [])],
  [
    'listed with a wrong old value',
    UNBALANCED,
    () => lie(w.pre, w.updated, [update1], [old('1', 1, v2), now('1', 1, v3)]),
  ],
  [
    'listed with a wrong new value',
    UNBALANCED,
    () => lie(w.pre, w.updated, [update1], [old('1', 1, v1), now('1', 1, v2)]),
  ],
  [
    'key split at another depth than where it stands',
    UNBALANCED,
    () => lie(w.pre, w.updated, [update1], [old('1', 1, v1), now('1', 2, v3)]),
  ],
  [
    'a present key inserted as new (second leaf of the key)',
    UNBALANCED,
    () => {
      const post = nodes.branch({ 1: w.leaf1, 2: w.leaf2, 3: nodes.leaf(rest('1', 1), v3) });
      return lie(w.two, post, [change('3', 0n, v3)], [now('1', 1, v3)]);
    },
  ],
  [
    'a leaf hung under a second nibble',
    UNBALANCED,
    () => {
      const post = nodes.branch({ 1: w.leaf1, 2: w.leaf2, 3: w.leaf2 });
      const rows = [branchRow('', w.two, 1n), branchRow('', post, -1n)];
      return bare(w.two, post, [now('3', 1, v2), old('1', 1, v1)], rows);
    },
  ],
  [
    'a leaf with value zero instead of a deletion',
    UNBALANCED,
    () => {
      const zero = nodes.branch({ 1: w.leaf1, 2: nodes.leaf(rest('2', 1), 0n) });
      const rows = [
        branchRow('', w.two, 1n),
        branchRow('', zero, -1n),
        leafRow('2', 1, v2, 1n),
        leafRow('2', 1, 0n, -1n),
      ];
      return bare(w.two, zero, [old('2', 1, v2)], rows);
    },
  ],
  [
    'rows of one trie under another number',
    UNBALANCED,
    () => {
      const { rows, terms } = trace(w.pre, w.updated, update1);
      return { terms, rows: rows.map((row) => changeRow(row, { trie: 8n })) };
    },
  ],
  [
    'a cycle that conjures a change',
    UNBALANCED,
    () => {
      const there = trace(w.pre, w.updated, update1).rows;
      const back = there.map((row) => changeRow(row, { s: mod(-cell(row, 's')) }));
      return bare(w.pre, w.pre, [old('1', 1, v1), now('1', 1, v3)], [...there, ...back]);
    },
  ],
  [
    'rows used one and a half times',
    UNBALANCED,
    () =>
      editRow(trace(w.pre, w.updated, update1), 'branch', (row) => ({
        s: mod(cell(row, 's') * 3n * ((R + 1n) / 2n)),
      })),
  ],
];

const read1 = () => trace(w.pre, w.pre, change('1', v1, v1));
/** L1 takes something else than RKV for key 1. */
const instead = (from: Trace, of: ReturnType<typeof tuple>): Trace =>
  w.withTerms(from, (term) => (term.tuple.name === 'RKV' ? { ...term, tuple: of } : term));
/** Key 1 "shown absent" by its own leaf. */
function ownLeaf(change: (head: bigint) => Record<string, bigint> = () => ({})): Trace {
  const from = read1();
  const leaf = rowOfChip(from, 'slotleaf');
  const [trie, q, d, X, head, tail] = ['trie', 'q', 'd', 'X', 'head', 'tail'].map((column) => cell(leaf, column));
  const at = { trie: trie!, q: q!, d: d!, X: X!, head: head!, tail: tail! };
  const absent = { ...at, head2: head!, tail2: tail!, v: [cell(leaf, 'hi'), cell(leaf, 'lo')], e: 1n };
  const rows = from.rows.filter(({ chip }) => chip !== 'slotleaf');
  const forged = { ...from, rows: [...rows, rowByHand('nokey4', { ...absent, ...change(head!) })] };
  return instead(forged, tuple('NOKEY', at));
}
/** Nothing at `path`, by a void row beside ext777. */
const beside = (path: string, columns: Record<string, bigint> = {}): Trace =>
  bare(
    w.ext777,
    w.ext777,
    [w.nothingAt(path)],
    [
      rowByHand('void', {
        ...place(''),
        X: w.ext777,
        path: 0x1777n,
        path2: pathNumber(path),
        w: 4096n,
        len: 3n,
        C: w.branch777,
        e: 1n,
        m: 1n,
        ...columns,
      }),
    ],
    1n,
  );

const reads: Forgery[] = [
  ['read of a wrong value', UNBALANCED, () => instead(read1(), w.kv('1', 1, v2, 'RKV'))],
  [
    'present key shown absent: nothing at its place',
    UNBALANCED,
    () => {
      const from = read1();
      const rows = from.rows.filter(({ chip }) => chip !== 'slotleaf');
      return instead({ ...from, rows }, tuple('AT', { X: 0n, ...place('1') }));
    },
  ],
  ['present key shown absent by its own leaf', 'constraint of nokey4', () => ownLeaf()],
  ['present key shown absent by a forged leaf', 'constraint of nokey4', () => ownLeaf((head) => ({ head: head + 1n }))],
  ['present key shown absent by its own leaf, e = 2', 'constraint of nokey4', () => ownLeaf(() => ({ e: 2n }))],
  ['absence beside an extension (control)', 'accepted', () => beside('778')],
  ['present key shown absent: beside its own path', 'constraint of void', () => beside('777')],
  [
    'present key shown absent: beside at a longer path',
    'constraint of void',
    () => beside('7771', { w: 65536n, len: 4n }),
  ],
  [
    'present key shown absent: beside at a shorter path',
    'constraint of void',
    () => beside('77', { w: 256n, len: 2n }),
  ],
  ['present key shown absent: path2 out of range', 'constraint of void', () => beside('777', { path2: 0x2777n })],
  [
    'read that starts from another root',
    UNBALANCED,
    () => {
      const other = trace(w.updated, w.updated, change('1', v3, v3));
      const terms = other.terms.map((term) =>
        term.tuple.name === 'AT' ? { ...term, tuple: tuple('AT', { X: w.pre, ...place('') }) } : term,
      );
      return { rows: other.rows, terms };
    },
  ],
  [
    'disabled branch row (e = 0) that gives AT all the same',
    UNBALANCED,
    () => {
      const other = trace(w.updated, w.updated, change('1', v3, v3));
      const rows = other.rows.map((row) => (row.chip === 'branch' ? changeRow(row, { e: 0n }) : row));
      return { rows, terms: other.terms.filter(({ tuple: { name } }) => name !== 'AT') };
    },
  ],
  [
    'branch row with e = -1 that closes a cycle',
    'constraint of branch',
    () => {
      const from = read1();
      return { ...from, rows: [...from.rows, changeRow(rowOfChip(from, 'branch'), { e: R - 1n })] };
    },
  ],
];

describeForgeries('storage tries: lists that lie', lies);
describeForgeries('storage tries: reads that lie', reads);

describe('trieRows', () => {
  it.each([
    ['untouched child changed', w.changed2],
    ['untouched child dropped', w.dropped2],
  ])('refuses a post trie with an %s', (_, post) => {
    expect(() => trace(w.pre, post, update1)).toThrow(expect.objectContaining({ code: 'TRIE_UNLISTED_CHANGE' }));
  });

  it('names the rows that do not balance', () => {
    const [first] = left(lie(w.pre, w.updated, [update1], []));
    expect(first!.origins.join()).toMatch(/slotleaf at 1 \(depth 1\) of the trie 9, (pre|post) state/);
  });
});
