import { R, toLimbs } from '../../../../src/bus/field.js';
import type { TraceRow } from '../../../../src/chips/chip.js';
import { poseidon } from '../../../../src/engine/poseidon.js';
import { digestOf } from '../../../../src/trie/digest.js';
import { splitPath } from '../../../../src/trie/path.js';
import { cell, changeRow, editRow, rowByHand, trieForgeries } from '../../../helpers/trie/forgery.js';
import * as w from '../../../helpers/trie/forgery-world.js';
import type { Trace } from '../../../helpers/trie/slot-trace.js';

const { v1, v2, v3, change, trace, bare, lie, old, now, branchRow, leafRow, rest, nodes, place } = w;

const oneChild = nodes.branch({ 2: w.leaf2 });
const only2 = nodes.leaf(rest('2', 0), v2);
const update1 = change('1', v1, v3);
const update = () => trace(w.pre, w.updated, update1);
/** Key 8 beside the extension 777. */
const apart8 = nodes.branch({ 7: nodes.extension('77', w.branch777), 8: nodes.leaf(rest('8', 1), v3) });

export const HONEST = trieForgeries('honest storage tries', [], {
  update: update,
  'delete, branch collapses into a leaf': () => trace(w.two, only2, change('1', v1, 0n)),
  'extension split': () => trace(w.ext777, w.ext77, change('778', 0n, v3)),
  'reads, present and absent (slot, leaf, extension)': () =>
    trace(
      w.ext777,
      w.ext777,
      change('7771', v1, v1),
      change('7773', 0n, 0n),
      change('77713', 0n, 0n),
      change('78', 0n, 0n),
    ),
  'insert into the empty trie, two keys': () => trace(0n, w.two, change('1', 0n, v1), change('2', 0n, v2)),
});

export const SHAPE = trieForgeries('forged storage tries: nodes of a wrong shape', [
  {
    name: 'one-child branch left by a deletion',
    caughtBy: 'constraint of branch',
    honest: update,
    change: () => trace(w.two, oneChild, change('1', v1, 0n)),
  },
  {
    name: 'one-child branch by insertion into the empty trie',
    caughtBy: 'constraint of branch',
    honest: update,
    change: () => trace(0n, nodes.branch({ 1: w.leaf1 }), change('1', 0n, v1)),
  },
  {
    name: 'one-child branch, by hand',
    caughtBy: 'constraint of branch',
    honest: update,
    change: () => bare(0n, oneChild, [now('2', 1, v2)], [branchRow('', oneChild, -1n), leafRow('2', 1, v2, -1n)]),
  },
  {
    name: 'children of a branch swapped',
    caughtBy: 'constraint of branch',
    honest: () => trace(w.pre, w.updated, update1),
    change: (t) =>
      editRow(t, 'branch', (row) => {
        const c = [...(row.row.c as bigint[])];
        [c[1], c[2]] = [c[2]!, c[1]!];
        return { c };
      }),
  },
  {
    name: 'wrong digest claimed for a branch',
    caughtBy: 'constraint of branch',
    honest: () => trace(w.pre, w.updated, update1),
    change: (t) => editRow(t, 'branch', (row) => ({ X: cell(row, 'X') + 1n })),
  },
  {
    name: 'a branch below depth 62',
    caughtBy: 'constraint of branch',
    honest: update,
    change: () => bare(0n, 0n, [], [branchRow('', w.two, 0n, { d: 63n, m: 1n })]),
  },
  {
    name: 'a branch at a negative depth',
    caughtBy: 'constraint of branch',
    honest: update,
    change: () => bare(0n, 0n, [], [branchRow('', w.two, 0n, { d: R - 2n })]),
  },
]);

const ext2 = nodes.extension('2', w.leaf2);
/** The honest rows of two's branch and leaf 1, then what is supposed to stand for leaf 2 in post. */
const behindExt = (...rows: TraceRow[]) =>
  bare(w.two, ext2, [old('1', 1, v1)], [branchRow('', w.two, 1n), leafRow('1', 1, v1, 1n), ...rows]);
const extToLeaf = (columns: Record<string, bigint>) =>
  rowByHand('ext', { ...place(''), X: ext2, path: 18n, w: 16n, len: 1n, C: w.leaf2, ...columns });
const inner = nodes.extension('77', w.branch777);
const extToExt = nodes.extension('7', inner);
const openedExt = { ...place(''), n: 7n, X: w.ext777, Y: inner, path: 0x177n, w: 256n, second: w.branch777, s: 1n };

export const EXTENSIONS = trieForgeries('forged storage tries: extensions', [
  {
    name: 'extension to a leaf',
    caughtBy: 'BRANCH',
    honest: update,
    change: () => behindExt(extToLeaf({ s: -1n, en: 1n })),
  },
  {
    name: 'extension to a leaf, not looked up',
    caughtBy: 'constraint of ext',
    honest: update,
    change: () => behindExt(extToLeaf({ s: -1n })),
  },
  {
    name: 'extension to a leaf, lookup cancelled by a row with en = -1',
    caughtBy: 'constraint of ext',
    honest: update,
    change: () => behindExt(extToLeaf({ s: -1n, en: 1n }), extToLeaf({ en: -1n })),
  },
  {
    name: 'extension to a leaf, BRANCH given for the leaf by a branch row',
    caughtBy: 'constraint of branch',
    honest: update,
    change: () => behindExt(extToLeaf({ s: -1n, en: 1n }), rowByHand('branch', { X: w.leaf2, m: 1n })),
  },
  {
    name: 'extension to an extension',
    caughtBy: 'BRANCH',
    honest: update,
    change: () =>
      bare(
        w.ext777,
        extToExt,
        [],
        [
          rowByHand('open2', openedExt),
          rowByHand('ext', { ...place(''), X: extToExt, path: 0x17n, w: 16n, len: 1n, C: inner, s: -1n, en: 1n }),
        ],
      ),
  },
  {
    name: 'extension with an empty path behind a branch',
    caughtBy: 'constraint of open2',
    honest: update,
    change: () => {
      const empty = nodes.extension('', w.branch777);
      const short = nodes.extension('7', w.branch777);
      const post = nodes.branch({ 7: empty, 8: nodes.leaf(rest('8', 1), v3) });
      const row = { ...openedExt, X: short, Y: empty, path: 1n, w: 1n };
      return bare(
        short,
        post,
        [now('8', 1, v3)],
        [branchRow('', post, -1n), leafRow('8', 1, v3, -1n), rowByHand('open2', row)],
      );
    },
  },
  {
    name: 'extension opened as a slot leaf (arity swapped)',
    caughtBy: 'constraint of open4',
    honest: () => trace(w.ext777, apart8, change('8', 0n, v3)),
    change: ({ rows, terms }) => {
      const swapped = rows.map((row) =>
        row.chip === 'open2' ? { ...changeRow(row, { more: [0n, 0n] }), chip: 'open4' } : row,
      );
      return { rows: swapped, terms };
    },
  },
  {
    name: 'extension opened with a wrong nibble',
    caughtBy: 'constraint of open2',
    honest: () => trace(w.ext777, apart8, change('8', 0n, v3)),
    change: (t) => editRow(t, 'open2', () => ({ n: 6n })),
  },
]);

/** Leaf 2 alone, and after inserting key 8 its leaf stands as child n with another path: the same place "one further". */
function movedLeaf(n: bigint, path: bigint, power: bigint): Trace {
  const second = splitPath(rest('2', 1)).tail;
  const more = toLimbs(v2);
  const Y = poseidon([path, second, ...more]);
  const post = nodes.branch({ [Number(n) % 16]: Y, 8: nodes.leaf(rest('8', 1), v3) });
  return bare(
    only2,
    post,
    [now('8', 1, v3)],
    [
      branchRow('', post, -1n),
      leafRow('8', 1, v3, -1n),
      rowByHand('open4', { ...place(''), n, X: only2, Y, path, w: power, second, more, s: 1n }),
    ],
  );
}
const head2 = splitPath(rest('2', 1)).head;
const W = 16n ** 61n;

export const MOVED = trieForgeries('forged storage tries: a moved leaf', [
  { name: 'the right nibble (control)', caughtBy: '', honest: update, change: () => movedLeaf(2n, head2, W) },
  {
    name: 'path too long by 16^len',
    caughtBy: 'constraint of open4',
    honest: update,
    change: () => movedLeaf(1n, head2 + W, W),
  },
  {
    name: 'path too short',
    caughtBy: 'constraint of open4',
    honest: update,
    change: () => movedLeaf(3n, head2 - W, W),
  },
  {
    name: 'longer len',
    caughtBy: 'constraint of open4',
    honest: update,
    change: () => movedLeaf(1n, head2 + W, 16n ** 62n),
  },
  {
    name: 'nibble 18',
    caughtBy: 'constraint of open4',
    honest: update,
    change: () => movedLeaf(18n, head2 - 16n * W, W),
  },
  {
    name: 'moved leaf with another value',
    caughtBy: 'KV',
    honest: update,
    change: () =>
      lie(w.two, nodes.leaf(rest('2', 0), v1), [change('1', v1, 0n), change('2', v2, v1)], [old('1', 1, v1)]),
  },
  {
    name: 'moved leaf with a nibble lost',
    caughtBy: 'KV',
    honest: update,
    change: () => {
      const short = { path: rest('2', 1), value: { kind: 'slot', value: v2 } } as const;
      const X = digestOf({ kind: 'leaf', ...short });
      const [hi, lo] = toLimbs(v2);
      return bare(
        w.two,
        X,
        [old('1', 1, v1)],
        [
          branchRow('', w.two, 1n),
          leafRow('1', 1, v1, 1n),
          leafRow('2', 1, v2, 1n),
          rowByHand('slotleaf', { ...place(''), X, ...splitPath(short.path), hi, lo, s: -1n }),
        ],
      );
    },
  },
]);
