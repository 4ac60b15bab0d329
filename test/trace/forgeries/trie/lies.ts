import { mod, R } from '../../../../src/bus/field.js';
import { tuple } from '../../../../src/bus/tuple.js';
import { pathNumber } from '../../../../src/trie/path.js';
import { cell, changeRow, editRow, rowByHand, rowOfChip, trieForgeries } from '../../../helpers/trie/forgery.js';
import * as w from '../../../helpers/trie/forgery-world.js';
import type { Trace } from '../../../helpers/trie/slot-trace.js';

const { v1, v2, v3, change, trace, bare, lie, old, now, branchRow, leafRow, rest, nodes, place } = w;
const update1 = change('1', v1, v3);
const update = () => trace(w.pre, w.updated, update1);

export const LIES = trieForgeries('storage tries: lists that lie', [
  {
    name: 'untouched child changed',
    caughtBy: 'KV',
    honest: update,
    change: () => lie(w.pre, w.changed2, [update1, change('2', v2, v3)], [old('1', 1, v1), now('1', 1, v3)]),
  },
  {
    name: 'untouched child dropped',
    caughtBy: 'KV',
    honest: update,
    change: () => lie(w.pre, w.dropped2, [update1, change('2', v2, 0n)], [old('1', 1, v1), now('1', 1, v3)]),
  },
  {
    name: 'touched key skipped (post keeps the old value)',
    caughtBy: 'KV',
    honest: update,
    change: () => bare(w.pre, w.pre, [old('1', 1, v1), now('1', 1, v3)], []),
  },
  { name: 'unlisted key changed', caughtBy: 'KV', honest: update, change: () => lie(w.pre, w.updated, [update1], []) },
  {
    name: 'listed with a wrong old value',
    caughtBy: 'KV',
    honest: update,
    change: () => lie(w.pre, w.updated, [update1], [old('1', 1, v2), now('1', 1, v3)]),
  },
  {
    name: 'listed with a wrong new value',
    caughtBy: 'KV',
    honest: update,
    change: () => lie(w.pre, w.updated, [update1], [old('1', 1, v1), now('1', 1, v2)]),
  },
  {
    name: 'key split at another depth than where it stands',
    caughtBy: 'KV',
    honest: update,
    change: () => lie(w.pre, w.updated, [update1], [old('1', 1, v1), now('1', 2, v3)]),
  },
  {
    name: 'a present key inserted as new (second leaf of the key)',
    caughtBy: 'KV',
    honest: update,
    change: () => {
      const post = nodes.branch({ 1: w.leaf1, 2: w.leaf2, 3: nodes.leaf(rest('1', 1), v3) });
      return lie(w.two, post, [change('3', 0n, v3)], [now('1', 1, v3)]);
    },
  },
  {
    name: 'a leaf hung under a second nibble',
    caughtBy: 'KV REF',
    honest: update,
    change: () => {
      const post = nodes.branch({ 1: w.leaf1, 2: w.leaf2, 3: w.leaf2 });
      const rows = [branchRow('', w.two, 1n), branchRow('', post, -1n)];
      return bare(w.two, post, [now('3', 1, v2), old('1', 1, v1)], rows);
    },
  },
  {
    name: 'a leaf with value zero instead of a deletion',
    caughtBy: 'KV',
    honest: update,
    change: () => {
      const zero = nodes.branch({ 1: w.leaf1, 2: nodes.leaf(rest('2', 1), 0n) });
      const rows = [
        branchRow('', w.two, 1n),
        branchRow('', zero, -1n),
        leafRow('2', 1, v2, 1n),
        leafRow('2', 1, 0n, -1n),
      ];
      return bare(w.two, zero, [old('2', 1, v2)], rows);
    },
  },
  {
    name: 'rows of one trie under another number',
    caughtBy: 'KV REF',
    honest: update,
    change: ({ rows, terms }) => {
      return { terms, rows: rows.map((row) => changeRow(row, { trie: 8n })) };
    },
  },
  {
    name: 'a cycle that conjures a change',
    caughtBy: 'KV',
    honest: update,
    change: () => {
      const there = trace(w.pre, w.updated, update1).rows;
      const back = there.map((row) => changeRow(row, { s: mod(-cell(row, 's')) }));
      return bare(w.pre, w.pre, [old('1', 1, v1), now('1', 1, v3)], [...there, ...back]);
    },
  },
  {
    name: 'rows used one and a half times',
    caughtBy: 'REF',
    honest: update,
    change: (t) =>
      editRow(t, 'branch', (row) => ({
        s: mod(cell(row, 's') * 3n * ((R + 1n) / 2n)),
      })),
  },
]);

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

export const READS = trieForgeries('storage tries: reads that lie', [
  { name: 'read of a wrong value', caughtBy: 'RKV', honest: read1, change: (t) => instead(t, w.kv('1', 1, v2, 'RKV')) },
  {
    name: 'present key shown absent: nothing at its place',
    caughtBy: 'AT',
    honest: read1,
    change: (from) => {
      const rows = from.rows.filter(({ chip }) => chip !== 'slotleaf');
      return instead({ ...from, rows }, tuple('AT', { X: 0n, ...place('1') }));
    },
  },
  {
    name: 'present key shown absent by its own leaf',
    caughtBy: 'constraint of nokey4',
    honest: update,
    change: () => ownLeaf(),
  },
  {
    name: 'present key shown absent by a forged leaf',
    caughtBy: 'constraint of nokey4',
    honest: update,
    change: () => ownLeaf((head) => ({ head: head + 1n })),
  },
  {
    name: 'present key shown absent by its own leaf, e = 2',
    caughtBy: 'constraint of nokey4',
    honest: update,
    change: () => ownLeaf(() => ({ e: 2n })),
  },
  { name: 'absence beside an extension (control)', caughtBy: '', honest: update, change: () => beside('778') },
  {
    name: 'present key shown absent: beside its own path',
    caughtBy: 'constraint of void',
    honest: update,
    change: () => beside('777'),
  },
  {
    name: 'present key shown absent: beside at a longer path',
    caughtBy: 'constraint of void',
    honest: update,
    change: () => beside('7771', { w: 65536n, len: 4n }),
  },
  {
    name: 'present key shown absent: beside at a shorter path',
    caughtBy: 'constraint of void',
    honest: update,
    change: () => beside('77', { w: 256n, len: 2n }),
  },
  {
    name: 'present key shown absent: path2 out of range',
    caughtBy: 'constraint of void',
    honest: update,
    change: () => beside('777', { path2: 0x2777n }),
  },
  {
    name: 'read that starts from another root',
    caughtBy: 'AT',
    honest: () => trace(w.updated, w.updated, change('1', v3, v3)),
    change: (other) => {
      const terms = other.terms.map((term) =>
        term.tuple.name === 'AT' ? { ...term, tuple: tuple('AT', { X: w.pre, ...place('') }) } : term,
      );
      return { rows: other.rows, terms };
    },
  },
  {
    name: 'disabled branch row (e = 0) that gives AT all the same',
    caughtBy: 'AT',
    honest: () => trace(w.updated, w.updated, change('1', v3, v3)),
    change: (other) => {
      const rows = other.rows.map((row) => (row.chip === 'branch' ? changeRow(row, { e: 0n }) : row));
      return { rows, terms: other.terms.filter(({ tuple: { name } }) => name !== 'AT') };
    },
  },
  {
    name: 'branch row with e = -1 that closes a cycle',
    caughtBy: 'constraint of branch',
    honest: read1,
    change: (from) => {
      return { ...from, rows: [...from.rows, changeRow(rowOfChip(from, 'branch'), { e: R - 1n })] };
    },
  },
]);
